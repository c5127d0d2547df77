import type { Database } from '../storage/database.ts';
import type { PackedRows } from '../storage/packed-rows.ts';
import type { LedgerBodyTable } from '../storage/tables/ledger.ts';
import { COLUMNS } from './columns.ts';

/** Doubles are left out: a batch whose commit was not confirmed is written again. */
export async function insertRows(database: Database, rows: PackedRows): Promise<void> {
  await database.insert(statementFor(rows.numbers.length / COLUMNS.length, database.kind), rows);
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

export async function insertBodies(database: Database, rows: readonly LedgerBodyTable[]): Promise<void> {
  await database.use((db) =>
    db
      .insertInto('ledger_bodies')
      .values(rows)
      .onConflict((on) => on.column('id').doNothing())
      .execute(),
  );
}
