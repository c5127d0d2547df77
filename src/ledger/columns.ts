import type { PackedKind } from '../storage/packed-rows.ts';
import type { LedgerTable } from '../storage/tables/ledger.ts';

const KIND_OF = {
  id: 'id',
  at: 'number',
  key_name: 'text',
  protocol: 'text',
  asked: 'text',
  model: 'text',
  surface: 'text',
  credential: 'text',
  status: 'number',
  error: 'text',
  complete: 'number',
  tokens_in: 'number',
  tokens_cached: 'number',
  tokens_out: 'number',
  tokens_reasoning: 'number',
  cost_nano: 'number',
  currency: 'text',
  first_ms: 'number',
  total_ms: 'number',
  repairs: 'number',
  fallbacks: 'number',
} as const satisfies Record<keyof LedgerTable, PackedKind>;

export const COLUMNS = Object.keys(KIND_OF) as readonly (keyof LedgerTable)[];
export const KINDS: readonly PackedKind[] = Object.values(KIND_OF);
