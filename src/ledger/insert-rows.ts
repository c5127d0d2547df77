import type { Database } from '../storage/database.ts';
import type { LedgerBodyTable, LedgerTable } from '../storage/tables/ledger.ts';

export type BodyRow = LedgerBodyTable;

const COLUMNS = Object.keys({
  id: true,
  at: true,
  key_name: true,
  protocol: true,
  asked: true,
  model: true,
  surface: true,
  credential: true,
  status: true,
  error: true,
  complete: true,
  tokens_in: true,
  tokens_cached: true,
  tokens_out: true,
  tokens_reasoning: true,
  cost_nano: true,
  currency: true,
  first_ms: true,
  total_ms: true,
  repairs: true,
  fallbacks: true,
} satisfies Record<keyof LedgerTable, true>) as readonly (keyof LedgerTable)[];

/** Doubles are left out: a batch whose commit was not confirmed is written again. */
export async function insertRows(database: Database, rows: readonly LedgerTable[]): Promise<void> {
  const values: unknown[] = [];
  for (const row of rows) for (const column of COLUMNS) values.push(row[column]);
  await database.execute(statementFor(rows.length, database.kind), values);
}

/** There are few lengths of a batch, and one of them is most batches'. */
let latest: { readonly count: number; readonly kind: Database['kind']; readonly text: string } | undefined;

function statementFor(count: number, kind: Database['kind']): string {
  if (latest?.count === count && latest.kind === kind) return latest.text;
  const place = (number: number) => (kind === 'sqlite' ? '?' : `$${number}`);
  const group = (row: number) => `(${COLUMNS.map((_, column) => place(row * COLUMNS.length + column + 1)).join(', ')})`;
  const groups = Array.from({ length: count }, (_, row) => group(row)).join(', ');
  const text = `insert into ledger (${COLUMNS.join(', ')}) values ${groups} on conflict (id) do nothing`;
  latest = { count, kind, text };
  return text;
}

export async function insertBodies(database: Database, rows: readonly BodyRow[]): Promise<void> {
  await database.use((db) =>
    db
      .insertInto('ledger_bodies')
      .values(rows)
      .onConflict((on) => on.column('id').doNothing())
      .execute(),
  );
}
