import type { Migration } from '../migration.ts';
import { ledger } from './0001-ledger.ts';
import { conversations } from './0002-conversations.ts';
import { inboundKeys } from './0003-inbound-keys.ts';
import { responses } from './0004-responses.ts';
import { fileOwners } from './0005-file-owners.ts';
import { credentials } from './0006-credentials.ts';
import { reasoning } from './0007-reasoning.ts';
import { webTokens } from './0008-web-tokens.ts';

/** Every step, in order. A new one goes to the end; its table also into schema.ts. */
export const MIGRATIONS: readonly Migration[] = [
  ledger,
  conversations,
  inboundKeys,
  responses,
  fileOwners,
  credentials,
  reasoning,
  webTokens,
];
