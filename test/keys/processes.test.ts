import { expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { DataFolder } from '../conversations/seed-example.ts';
import { serve } from '../process.ts';
import { Postgres } from '../services/postgres.ts';
import { Redis } from '../services/redis.ts';
import { CN_KEY, post, type Settings } from '../setup.ts';
import { until } from '../until.ts';
import { statuses } from './fleet.ts';

const ADMIN = 'admin-key-of-three-processes';
const TEAM = 'team-key-of-three-processes';
const BUSY = 'busy-key-of-three-processes';
/** kimi-k2.6 at moonshot-cn: 6.5 CNY for a million tokens of prompt, 27 of answer. */
const COST = 0.027_065;
const BUDGET = 20.5 * COST;

test('three processes that share PostgreSQL and Redis hold one budget and one limit, for plain calls and for turns', async () => {
  await using postgres = await Postgres.start();
  await using redis = await Redis.start();
  const limits = { concurrency: 1_000, rpm: 100_000 };
  const simulator = await startSimulator({ accounts: [{ keys: CN_KEY, host: 'cn', limits }], callsKept: 5_000 });
  using data = new DataFolder();
  const settings = {
    ...{ listen: '127.0.0.1:0', data: data.path, admin_key: ADMIN, log: { level: 'warn' } },
    ...{ database: await postgres.createDatabase(), coordination: redis.url },
    surfaces: {
      'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key: CN_KEY, limits: { concurrency: 1_000 } }] },
    },
    keys: [
      { name: 'team', key: TEAM, budget: { currency: 'CNY', daily: BUDGET } },
      { name: 'busy', key: BUSY, rpm: 30 },
    ],
  };
  await using one = await serve(settings);
  await using two = await serve(settings);
  await using three = await serve(settings);
  const urls = await Promise.all([one, two, three].map((served) => served.url()));
  await until(async () => {
    const ready = await Promise.all(urls.map(async (url) => (await fetch(`${url}/readyz`)).json()));
    return ready.every((state) => (state as Settings)['coordination'] === 'redis');
  }, 'Redis in all three');
  const ask = (at: number, key: string, said: string, more: Settings = {}) => {
    const messages = [{ role: 'user', content: said }];
    const body = { model: 'kimi-k2.6', max_tokens: 1_000, stream: at % 2 === 0, messages, ...more };
    const path = '/v1/chat/completions';
    return fetch(`${urls[at % 3]}${path}`, post(body, { headers: { authorization: `Bearer ${key}` } }));
  };
  const dear = 'sim: usage 10 1000\nsim: say hi';
  const turn = (at: number) => (at % 4 === 0 ? { conversation_id: `c${at % 8}` } : {});

  const all: number[] = [];
  // Waves: what was set aside too much comes back.
  for (let wave = 0; wave < 5; wave++) {
    all.push(...(await statuses(Array.from({ length: 24 }, (_, at) => ask(at, TEAM, dear, turn(at))))));
  }
  const count = (status: number) => all.filter((one) => one === status).length;
  expect(count(200) + count(429)).toBe(all.length);
  const key = async () => {
    const response = await fetch(`${urls[1]}/admin/keys/team`, { headers: { 'x-admin-key': ADMIN } });
    return ((await response.json()) as { spent: { daily: number } }).spent.daily;
  };
  expect(await key()).toBeCloseTo(count(200) * COST, 2);
  expect(await key()).toBeLessThanOrEqual(BUDGET);
  // The prompts of turns have more tokens than were scripted for the answers, never the other way round.
  expect(count(200)).toBe(20);

  const busy = await statuses(Array.from({ length: 90 }, (_, at) => ask(at, BUSY, 'sim: say hi')));
  expect(busy.filter((status) => status === 200)).toHaveLength(30);
  expect(busy.filter((status) => status === 429)).toHaveLength(60);
  await simulator.close();
}, 120_000);
