import { CONVERSATIONS } from './conversations.ts';
import { KIMI_CODE, POOL } from './credentials.ts';
import type { CoverageSection } from './demand.ts';
import { KEYS } from './keys.ts';
import { SEARCH } from './search.ts';
import { OFFICIAL_SIMULATOR, WEB_SIMULATOR } from './simulator.ts';
import { ENGINES, LEDGER } from './state.ts';
import { FALLBACK, STREAMS, WEB_ADAPTER } from './surfaces.ts';

export const COVERAGE: readonly CoverageSection[] = [
  STREAMS,
  KIMI_CODE,
  WEB_ADAPTER,
  FALLBACK,
  POOL,
  SEARCH,
  OFFICIAL_SIMULATOR,
  WEB_SIMULATOR,
  CONVERSATIONS,
  KEYS,
  LEDGER,
  ENGINES,
];
