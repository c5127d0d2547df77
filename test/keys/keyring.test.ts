import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ProcessCoordination } from '../../src/coordination/process/process-coordination.ts';
import { KeyDesk } from '../../src/keys/key-desk.ts';
import { keyDigest } from '../../src/keys/key-secret.ts';
import { Keyring } from '../../src/keys/keyring.ts';
import { silentLog } from '../../src/log.ts';
import { Database } from '../../src/storage/database.ts';
import { freePort } from '../services/free-port.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { startFleet } from './fleet.ts';

const HOUR = 3_600_000;

function startRing() {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-keyring-'));
  const clock = new VirtualClock();
  const database = new Database({ target: { kind: 'sqlite', path: join(folder, 'keys.db') }, clock, log: silentLog });
  const ring = new Keyring({
    database,
    coordination: new ProcessCoordination(clock),
    clock,
    log: silentLog,
    mayHold: true,
  });
  const changed = (id: string, isGone: boolean) => ring.changed(id, isGone);
  const desk = new KeyDesk({ database, clock, known: () => ({ routes: {}, surfaces: {}, keys: [] }), changed });
  return {
    clock,
    database,
    ring,
    desk,
    async [Symbol.asyncDispose]() {
      ring.close();
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

test('known keys open for an hour without the database', async () => {
  await using parts = startRing();
  const { clock, database, ring, desk } = parts;
  await ring.start();
  expect(ring.issued).toBe(false);
  const digest = keyDigest((await desk.create({ name: 'ann' })).key);
  expect(ring.issued).toBe(true);
  await database.close();
  clock.advance(HOUR);
  expect(ring.find(digest)?.key.name).toBe('ann');
  clock.advance(1);
  expect(() => ring.find(digest)).toThrow('The database of the gateway cannot be reached.');
  expect(ring.find(keyDigest('mg-of-nobody'))).toBeUndefined();
});

test('a key whose rules this version cannot read opens nothing', async () => {
  await using parts = startRing();
  const { database, ring, desk } = parts;
  const digest = keyDigest((await desk.create({ name: 'ann', rpm: 1 })).key);
  const rules = JSON.stringify({ rpm: 1, moons: ['full'] });
  await database.use((db) =>
    db.updateTable('inbound_keys').set({ rules, revision: Number.MAX_SAFE_INTEGER }).execute(),
  );
  await ring.refresh();
  expect(ring.find(digest)).toBeUndefined();
  expect(ring.issued).toBe(true);
});

test('who does not know whether keys were issued lets nobody in', async () => {
  const database = `postgres://127.0.0.1:${await freePort()}/nowhere`;
  await using fleet = await startFleet(1, { database });
  const response = await fleet.chat('any');
  expect([response.status, await response.json()]).toMatchObject([503, { error: { code: 'storage_unavailable' } }]);
});
