import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { Database } from '../storage/database.ts';
import type { FinishedCall } from './call-facts.ts';
import { Ledger, type LedgerSettings } from './ledger.ts';

const DAY = 86_400_000;
const settings: LedgerSettings = {
  enabled: true,
  keepMs: 30 * DAY,
  bodiesKeepMs: 7 * DAY,
  bodiesBytes: 100,
  redact: [],
  chargeOf: () => ({ rate: undefined, system: undefined }),
};
const call = (id: string, at: number): FinishedCall => ({
  id,
  at,
  key: 'local',
  protocol: 'openai-chat',
  asked: 'kimi-k3',
  status: 200,
  complete: true,
  firstMs: 1,
  totalMs: 2,
  code: undefined,
  facts: {},
  bodies: { request: 'hi', answer: 'ho' },
});

test('rows and what was said go when their days are over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-retention-'));
  let now = systemClock.now();
  const clock = { ...systemClock, now: () => now };
  const database = new Database({
    target: { kind: 'sqlite', path: join(folder, 'moongate.db') },
    clock,
    log: silentLog,
  });
  const ledger = new Ledger({ database, clock, log: silentLog }, settings);
  const ids = async (table: 'ledger' | 'ledger_bodies') =>
    (await database.use((db) => db.selectFrom(table).select('id').orderBy('id').execute())).map(({ id }) => id);

  for (const days of [1, 8, 31]) ledger.add(call(`${days}`.padStart(2, '0'), now - days * DAY));
  await ledger.flush();
  expect(await ids('ledger')).toEqual(['01', '08']);
  expect(await ids('ledger_bodies')).toEqual(['01']);
  now += 23 * DAY;
  ledger.add(call('99', now));
  await ledger.flush();
  expect(await ids('ledger')).toEqual(['01', '99']);
  expect(await ids('ledger_bodies')).toEqual(['99']);
  await ledger.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

test('a database that cannot be reached costs rows only beyond the limit, and the loss is told', async () => {
  const lines: string[] = [];
  const log = { ...silentLog, error: (_fields: object, message: string) => lines.push(message) };
  // A file cannot be a folder.
  const target = { kind: 'sqlite', path: join(import.meta.filename, 'moongate.db') } as const;
  const database = new Database({ target, clock: systemClock, log: silentLog });
  const ledger = new Ledger({ database, clock: systemClock, log }, settings);
  for (let at = 0; at < 20_100; at++) ledger.add(call(String(at), at));
  expect([ledger.waiting, ledger.dropped]).toEqual([20_000, 100]);
  await ledger.close();
  expect(lines).toEqual([
    'the ledger is full: rows are dropped',
    'rows of the ledger are lost: the database could not take them',
  ]);
});
