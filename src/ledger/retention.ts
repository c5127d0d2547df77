import type { Database } from '../storage/database.ts';

/** Rows that are deleted by one statement: others that write must not wait for long. */
const AT_ONCE = 5_000;

export interface Ages {
  readonly rowsBefore: number;
  readonly bodiesBefore: number;
}

/** Deletes what is older than it may become. */
export async function sweep(database: Database, { rowsBefore, bodiesBefore }: Ages): Promise<void> {
  await sweepTable(database, 'ledger', rowsBefore);
  await sweepTable(database, 'ledger_bodies', bodiesBefore);
}

async function sweepTable(database: Database, table: 'ledger' | 'ledger_bodies', before: number): Promise<void> {
  for (;;) {
    const { numDeletedRows } = await database.use((db) =>
      db
        .deleteFrom(table)
        .where('id', 'in', (query) => query.selectFrom(table).select('id').where('at', '<', before).limit(AT_ONCE))
        .executeTakeFirstOrThrow(),
    );
    if (Number(numDeletedRows) < AT_ONCE) return;
  }
}
