import { afterEach, expect, test } from 'vitest';
import { type SimulatorOptions, startSimulator } from '../index.ts';
import { at, SimClient } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator | undefined;
let time = 1_000_000;

afterEach(() => simulator?.close());

async function start(options: SimulatorOptions = {}): Promise<SimClient> {
  simulator = await startSimulator({ now: () => time, ...options });
  return new SimClient(simulator);
}

async function refusal(response: Response): Promise<unknown[]> {
  const error = at(await response.json(), 'error');
  return [response.status, at(error, 'type'), at(error, 'message'), response.headers.get('retry-after')];
}

const RATE = [
  429,
  'rate_limit_reached_error',
  'Organization Rate limit exceeded, please try again after 1 seconds',
  '1',
];

test('requests a minute, shared by the keys of an account', async () => {
  const client = await start({ accounts: [{ keys: ['sk-sim-cn', 'sk-2'], host: 'cn', tier: 0 }] });
  const second = new SimClient(simulator as Simulator, 'sk-2');
  for (const one of [client, second, client]) expect((await one.chat('hi')).status).toBe(200);
  expect(await refusal(await second.chat('hi'))).toEqual(RATE);
  expect((await second.request('/models')).status).toBe(200);
  time += 60_000;
  expect((await second.chat('hi')).status).toBe(200);
});

test('requests at once, with the older sentence', async () => {
  const accounts = [{ keys: 'sk-sim-cn', host: 'cn', id: 'org-a', limits: { concurrency: 1 } }] as const;
  const client = await start({ accounts, rateLimitTexts: 'named' });
  const controller = new AbortController();
  await client.chat('sim: say x\nsim: stall', { stream: true }, { signal: controller.signal });
  expect((await refusal(await client.chat('hi')))[2]).toBe(
    'Your account org-a<ak-simulator> request reached organization max concurrency: 1, please try again after 1 seconds',
  );
  controller.abort();
});

test('tokens a minute and a day', async () => {
  const client = await start({ accounts: [{ keys: 'sk-sim-cn', host: 'cn', limits: { tpm: 100, tpd: 250 } }] });
  expect((await client.chat('sim: say-n 100')).status).toBe(200);
  expect(await refusal(await client.chat('hi'))).toEqual(RATE);
  time += 60_000;
  expect((await client.chat('sim: say-n 150')).status).toBe(200);
  time += 60_000;
  expect(await refusal(await client.chat('hi'))).toEqual(RATE);
});

test('no money, and suspension', async () => {
  const client = await start();
  const account = (simulator as Simulator).account('sk-sim-cn');
  account.cash = -1;
  const empty = await refusal(await client.chat('hi'));
  expect(empty.slice(0, 2)).toEqual([429, 'exceeded_current_quota_error']);
  expect(empty[2]).toContain('You exceeded your current token quota');
  account.cash = 1;
  account.suspended = true;
  expect((await refusal(await client.chat('hi')))[2]).toContain('is suspended due to insufficient balance');
});

test('a prefix is cached in blocks of 256 tokens, by effort, for five minutes after its last use', async () => {
  const client = await start();
  const long = 'word '.repeat(1000);
  const cached = async (more: Record<string, unknown> = {}, tail = 'x'): Promise<unknown> =>
    at(await (await client.chat([{ role: 'user', content: `${long}${tail}` }], more)).json(), 'usage', 'cached_tokens');
  expect(await cached()).toBe(0);
  const hit = await cached();
  expect(Number(hit)).toBeGreaterThan(1000);
  expect(Number(hit) % 256).toBe(0);
  expect(await cached({}, 'another tail')).toBe(hit);
  expect(await cached({ reasoning_effort: 'low' })).toBe(0);
  expect(await cached({ model: 'kimi-k2.6' })).toBe(0);
  time += 299_000;
  expect(await cached()).toBe(hit);
  time += 299_000;
  expect(await cached()).toBe(hit);
  time += 301_000;
  expect(await cached()).toBe(0);
});
