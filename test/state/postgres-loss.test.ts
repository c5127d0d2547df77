import { expect, test } from 'vitest';
import { Postgres } from '../services/postgres.ts';
import { placeOf } from './engines.ts';

test('a server that goes away between two statements of a transaction fails that transaction, and nothing else', async () => {
  await using postgres = await Postgres.start();
  const database = placeOf({ kind: 'postgres', url: await postgres.createDatabase() }).open();
  const broken = database.transaction(async (transaction) => {
    await transaction.selectFrom('migrations').selectAll().execute();
    await postgres.stop();
    // The connection tells that it is broken before anybody asks it for more.
    await new Promise((resolve) => setImmediate(resolve));
    return transaction.selectFrom('migrations').selectAll().execute();
  });
  await expect(broken).rejects.toMatchObject({ code: 'storage_unavailable' });
  expect(database.status).toBe('lost');
  await database.close();
});
