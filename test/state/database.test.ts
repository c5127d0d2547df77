import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { type DatabasePlace, describeDatabases, placeOf } from './engines.ts';

const row = (id: string, tokens = 1) => ({
  id,
  at: 1,
  key_name: 'local',
  protocol: 'openai',
  status: 200,
  complete: 1,
  tokens_in: tokens,
  total_ms: 1.5,
  repairs: 0,
  fallbacks: 0,
});
const insert = (database: Database, id: string, tokens?: number) =>
  database.use((db) => db.insertInto('ledger').values(row(id, tokens)).execute());
const ids = async (database: Database) =>
  (await database.use((db) => db.selectFrom('ledger').select('id').orderBy('id').execute())).map(({ id }) => id);

describeDatabases('the database', (place) => {
  const opened = async () => (await place()).open();

  test('what was written is read back, by another process too, with the same types', async () => {
    const where = await place();
    const [one, other] = [where.open(), where.open()];
    expect(one.status).toBe('idle');
    await one.use((db) =>
      db
        .insertInto('ledger')
        .values({ ...row('a'), at: 1_790_000_000_000, error: null, asked: 'kimi 中文', cost_nano: 9e15 })
        .execute(),
    );
    const read = await other.use((db) => db.selectFrom('ledger').selectAll().executeTakeFirst());
    expect(read).toMatchObject({
      at: 1_790_000_000_000,
      asked: 'kimi 中文',
      cost_nano: 9e15,
      total_ms: 1.5,
      error: null,
    });
    const sums = await one.use((db) =>
      db
        .selectFrom('ledger')
        .select(({ fn }) => [fn.sum('tokens_in').as('sum'), fn.countAll().as('count')])
        .execute(),
    );
    expect(sums).toEqual([{ sum: 1, count: 1 }]);
    expect(one.status).toBe('open');
    await Promise.all([one.close(), other.close()]);
    expect(one.status).toBe('closed');
  });

  test('a transaction is whole or nothing', async () => {
    const database = await opened();
    const broken = database.transaction(async (transaction) => {
      await transaction.insertInto('ledger').values(row('a')).execute();
      throw new Error('no');
    });
    await expect(broken).rejects.toThrow('no');
    expect(await ids(database)).toEqual([]);
    await database.transaction((transaction) => transaction.insertInto('ledger').values(row('a')).execute());
    expect(await ids(database)).toEqual(['a']);
    await database.close();
  });

  test('transactions that read and then write lose no update, over several processes', async () => {
    const where = await place();
    const databases = [where.open(), where.open(), where.open()];
    const [first] = databases;
    if (first) await insert(first, 'counter', 0);
    const add = (database: Database) =>
      database.transaction(async (transaction) => {
        const counter = transaction.selectFrom('ledger').select('tokens_in').where('id', '=', 'counter');
        const { tokens_in } = await counter.executeTakeFirstOrThrow();
        await transaction
          .updateTable('ledger')
          .set({ tokens_in: (tokens_in ?? 0) + 1 })
          .where('id', '=', 'counter')
          .execute();
      });
    await Promise.all(databases.flatMap((database) => Array.from({ length: 8 }, () => add(database))));
    const read = await first?.use((db) => db.selectFrom('ledger').select('tokens_in').executeTakeFirst());
    expect(read).toEqual({ tokens_in: 24 });
    for (const database of databases) await database.close();
  });

  test('statements of others stay out of a transaction', async () => {
    const database = await opened();
    await insert(database, 'before');
    const broken = database.transaction(async (transaction) => {
      await transaction.insertInto('ledger').values(row('inside')).execute();
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('no');
    });
    const beside = Promise.all([insert(database, 'b1'), insert(database, 'b2')]);
    await expect(broken).rejects.toThrow('no');
    await beside;
    expect(await ids(database)).toEqual(['b1', 'b2', 'before']);
    await database.close();
  });

  test('a key that exists is told apart from other failures', async () => {
    const database = await opened();
    await insert(database, 'a');
    const cause: unknown = await insert(database, 'a').catch((thrown: unknown) => thrown);
    expect(await database.isTaken(cause)).toBe(true);
    const wrong: unknown = await database
      .use((db, sql) => sql`select nothing from nowhere`.execute(db))
      .catch((thrown: unknown) => thrown);
    expect(await database.isTaken(wrong)).toBe(false);
    expect(wrong).not.toHaveProperty('code', 'storage_unavailable');
    await database.close();
  });

  test('replicas that start together migrate once', async () => {
    const where = await place();
    const databases = Array.from({ length: 6 }, () => where.open());
    await Promise.all(databases.map((database, index) => insert(database, `r${index}`)));
    const [first] = databases;
    expect(first && (await ids(first))).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
    const steps = await first?.use((db) => db.selectFrom('migrations').select('id').execute());
    expect(new Set(steps?.map(({ id }) => id)).size).toBe(steps?.length);
    for (const database of databases) await database.close();
  });

  test('a database of a newer program is refused and left alone', async () => {
    const where = await place();
    const old = where.open();
    await old.use((db) => db.insertInto('migrations').values({ id: '9999-future', at: 1 }).execute());
    await old.close();
    const database = where.open();
    await expect(insert(database, 'a')).rejects.toMatchObject({
      code: 'storage_unusable',
      message: expect.stringContaining('9999-future'),
    });
    await database.close();
  });
});

test('the file and its folder are its owner’s alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-sqlite-'));
  const path = join(folder, 'data', 'moongate.db');
  const database = placeOf({ kind: 'sqlite', path }).open();
  await insert(database, 'a');
  const mode = (name: string) => statSync(name).mode & 0o777;
  expect([mode(dirname(path)), mode(path), mode(`${path}-wal`)]).toEqual([0o700, 0o600, 0o600]);
  await database.close();
  rmSync(folder, { recursive: true });
});

test.each([
  ['no database at all', 'this is a letter, not a database. '.repeat(400)],
  ['a damaged one', undefined],
])('a file that is %s is refused with what to do', async (_what, content) => {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-sqlite-'));
  const path = join(folder, 'moongate.db');
  if (content === undefined) await damaged(placeOf({ kind: 'sqlite', path }), path);
  else writeFileSync(path, content);
  const lines: string[] = [];
  const say = (_fields: object, message: string) => lines.push(message);
  const log = { debug: say, info: say, warn: say, error: say, request() {}, flush() {} };
  const database = placeOf({ kind: 'sqlite', path }).open(log);
  await expect(insert(database, 'a')).rejects.toMatchObject({
    code: 'storage_unusable',
    status: 503,
    hint: expect.stringContaining('backup'),
  });
  expect(database.status).toBe('lost');
  expect(lines).toEqual(['the database is lost']);
  await database.close();
  rmSync(folder, { recursive: true });
});

test('a backup is one moment of a database that goes on being written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-sqlite-'));
  const path = join(folder, 'moongate.db');
  const [one, other] = [placeOf({ kind: 'sqlite', path }).open(), placeOf({ kind: 'sqlite', path }).open()];
  // Pairs are written together, so that a copy of two moments would show an odd one.
  const pairs = Array.from({ length: 60 }, (_, at) => at);
  const writing = (async () => {
    for (const at of pairs) {
      await one.use((db) =>
        db
          .insertInto('ledger')
          .values([row(`${at}-a`), row(`${at}-b`)])
          .execute(),
      );
    }
  })();
  const copy = join(folder, 'copy.db');
  await other.backup(copy);
  await writing;
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  await expect(other.backup(copy)).rejects.toMatchObject({ message: expect.stringContaining('already') });
  const read = placeOf({ kind: 'sqlite', path: copy }).open();
  const found = await ids(read);
  expect(found.length % 2).toBe(0);
  expect(await ids(one)).toHaveLength(120);
  for (const database of [one, other, read]) await database.close();
  rmSync(folder, { recursive: true });
});

/** Rows over many pages, whose middle is then overwritten. */
async function damaged(place: DatabasePlace, path: string): Promise<void> {
  const database = place.open();
  const rows = Array.from({ length: 400 }, (_, index) => ({ ...row(`row-${index}`), asked: 'x'.repeat(200) }));
  await database.use((db) => db.insertInto('ledger').values(rows).execute());
  await database.close();
  const file = openSync(path, 'r+');
  writeSync(file, randomBytes(12 * 4096), 0, 12 * 4096, 6 * 4096);
  closeSync(file);
}

test('a folder that cannot be made is told, and found when it can', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-sqlite-'));
  const blocked = join(folder, 'data');
  writeFileSync(blocked, 'a file in its place');
  const database = placeOf({ kind: 'sqlite', path: join(blocked, 'moongate.db') }).open();
  await expect(insert(database, 'a')).rejects.toMatchObject({ code: 'storage_unavailable', status: 503 });
  rmSync(blocked);
  await expect
    .poll(
      () =>
        insert(database, 'a').then(
          () => 'written',
          () => 'refused',
        ),
      { timeout: 5_000 },
    )
    .toBe('written');
  expect(database.status).toBe('open');
  await database.close();
  rmSync(folder, { recursive: true });
});
