import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { moveStore } from '../../src/storage/move-store.ts';
import { TABLES } from '../../src/storage/schema.ts';
import { Postgres } from '../services/postgres.ts';
import { placeOf } from './engines.ts';

let server: Postgres;
let folder: string;

beforeAll(async () => {
  server = await Postgres.start();
  folder = mkdtempSync(join(tmpdir(), 'moongate-move-'));
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const row = (at: number) => ({
  id: `row-${String(at).padStart(5, '0')}`,
  at: 1_790_000_000_000 + at,
  key_name: 'local',
  protocol: 'openai-chat',
  asked: at % 3 === 0 ? null : `modèle ${at}`,
  status: 200,
  complete: 1,
  tokens_in: at,
  cost_nano: 9_007_199_254_740_991 - at,
  first_ms: at / 7,
  total_ms: at / 3,
  repairs: 0,
  fallbacks: 0,
});

/** What a column of each type holds; the types are those that every engine knows alike. */
const VALUES: Readonly<Record<string, unknown>> = {
  text: 'modèle 中文 "quoted"',
  bigint: 9_007_199_254_740_991,
  'double precision': 1 / 3,
  bytea: Buffer.from([0, 1, 254, 255]),
};

/** One row in every table that the test does not fill itself. */
async function fillOthers(database: Database): Promise<void> {
  const tables = await database.use((db) => db.introspection.getTables());
  for (const { name, columns } of tables) {
    if (name === 'migrations' || name.startsWith('ledger')) continue;
    const values = Object.fromEntries(columns.map((column) => [column.name, VALUES[column.dataType.toLowerCase()]]));
    await database.use((db) =>
      db
        .insertInto(name as 'ledger')
        .values(values as never)
        .execute(),
    );
  }
}

test('every row of every table arrives as it was, and the way back gives the same', async () => {
  const source = placeOf({ kind: 'sqlite', path: join(folder, 'from.db') }).open();
  const rows = Array.from({ length: 1_234 }, (_, at) => row(at));
  for (let at = 0; at < rows.length; at += 500) {
    await source.use((db) =>
      db
        .insertInto('ledger')
        .values(rows.slice(at, at + 500))
        .execute(),
    );
  }
  const bodies = { id: 'row-00001', at: 5, request: 'said', answer: null };
  await source.use((db) => db.insertInto('ledger_bodies').values(bodies).execute());
  const target = placeOf({ kind: 'postgres', url: await server.createDatabase() }).open();
  await fillOthers(source);
  expect(await moveStore(source, target)).toEqual(
    TABLES.map(({ name }) => ({ table: name, rows: name === 'ledger' ? 1_234 : 1 })),
  );
  const back = placeOf({ kind: 'sqlite', path: join(folder, 'back.db') }).open();
  await moveStore(target, back);
  for (const { name, key } of TABLES) {
    const [before, after] = await Promise.all(
      [source, back].map((database) =>
        database.use((db, sql) => sql`select * from ${sql.table(name)} order by ${sql.ref(key)}`.execute(db)),
      ),
    );
    expect(after?.rows).toEqual(before?.rows);
  }
  await expect(moveStore(source, target)).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'The target is not empty: ledger has 1234 rows. Nothing was copied.',
  });
  for (const database of [source, target, back]) await database.close();
});

test('a copy that breaks off leaves the target empty, and can be made again', async () => {
  const source = placeOf({ kind: 'sqlite', path: join(folder, 'broken.db') }).open();
  await source.use((db) =>
    db
      .insertInto('ledger')
      .values(Array.from({ length: 900 }, (_, at) => row(at)))
      .execute(),
  );
  const target = placeOf({ kind: 'postgres', url: await server.createDatabase() }).open();
  const broken = moveStore(source, target, (_table, rows) => {
    if (rows >= 500) throw new Error('pulled the plug');
  });
  await expect(broken).rejects.toThrow('pulled the plug');
  expect(await moveStore(source, target)).toContainEqual({ table: 'ledger', rows: 900 });
  await Promise.all([source.close(), target.close()]);
});

test('every table of the schema is moved', async () => {
  const database = placeOf({ kind: 'sqlite', path: join(folder, 'tables.db') }).open();
  const { rows } = await database.use((db, sql) =>
    sql<{ name: string }>`select name from sqlite_master where type = 'table' order by name`.execute(db),
  );
  expect(rows.map(({ name }) => name).filter((name) => name !== 'migrations')).toEqual(
    TABLES.map(({ name }) => name).sort(),
  );
  await database.close();
});
