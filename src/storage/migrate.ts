import { type Kysely, sql } from 'kysely';
import { GatewayError } from '../errors.ts';
import type { EngineKind } from './engine.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Schema } from './schema.ts';

/** The key of PostgreSQL's advisory lock: "moon" in ASCII. */
const LOCK = 0x6d6f6f6e;

/**
 * Brings the tables to what this program knows. All steps run in one transaction under one lock: of several replicas
 * that start together one does it and the others find it done, and a step that fails leaves nothing behind.
 */
export async function migrate(db: Kysely<Schema>, kind: EngineKind, now: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // SQLite: the transaction has begun by taking the file's lock for writing.
    if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    await transaction.schema
      .createTable('migrations')
      .ifNotExists()
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    const rows = await transaction.selectFrom('migrations').select('id').execute();
    const done = new Set(rows.map(({ id }) => id));
    refuseNewer(done);
    for (const { id, up } of MIGRATIONS) {
      if (done.has(id)) continue;
      await up(transaction as unknown as Kysely<unknown>, kind);
      await transaction.insertInto('migrations').values({ id, at: now }).execute();
    }
  });
}

function refuseNewer(done: ReadonlySet<string>): void {
  const known = new Set(MIGRATIONS.map(({ id }) => id));
  const foreign = [...done].filter((id) => !known.has(id));
  if (foreign.length === 0) return;
  throw new GatewayError('storage_unusable', {
    message: `The database was written by a newer moongate (${foreign.join(', ')}); this one must not touch it.`,
    hint: 'Update moongate, or give it another database (`data` or `database` in the configuration).',
  });
}
