import type { Database } from '../storage/database.ts';
import type { PackedRows } from '../storage/packed-rows.ts';
import type { LedgerBodyTable } from '../storage/tables/ledger.ts';
import { COLUMNS } from './columns.ts';

/** Doubles are left out: a batch whose commit was not confirmed is written again. */
const INSERT = `insert into ledger (${COLUMNS.join(', ')}) values (rows) on conflict (id) do nothing`;

export async function insertRows(database: Database, batches: readonly PackedRows[]): Promise<void> {
  await database.insert(INSERT, batches);
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
