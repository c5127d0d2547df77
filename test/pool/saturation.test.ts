import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Gateway } from '../../src/gateway.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { startPoolRig } from './pool-rig.ts';

const MINUTE = 60_000;
const DELAY_MS = 100;

type Accounts = NonNullable<SimulatorOptions['accounts']>;

test('requests a minute: two accounts are used to 95 % for ten minutes, and the surface refuses none', async () => {
  const limits = { rpm: 60, concurrency: 10 };
  await using rig = await startPoolRig(
    [
      { keys: ['sk-a1', 'sk-a2'], host: 'cn', id: 'org-a', limits },
      { keys: 'sk-b', host: 'cn', id: 'org-b', limits },
    ],
    (base) => ({
      limits: { queue: 10_000 },
      timeouts: { queue_ms: '20m' },
      surfaces: {
        'moonshot-cn': {
          base_url: base,
          credentials: [
            { key: 'sk-a1', account: 'a', limits },
            { key: 'sk-a2', account: 'a', limits },
            { key: 'sk-b', account: 'b', limits },
          ],
        },
      },
    }),
  );
  let served = 0;
  const asked = Array.from({ length: 1_300 }, (_, index) =>
    rig.ask(`question ${index}`).then(({ status }) => {
      if (status === 200) served++;
    }),
  );
  await rig.pass(10 * MINUTE, 250);
  const possible = 2 * limits.rpm * 10;
  expect(served).toBeGreaterThanOrEqual(0.95 * possible);
  expect(served).toBeLessThanOrEqual(possible + 2 * limits.rpm);
  await rig.pass(2 * MINUTE, 250);
  await Promise.all(asked);
  expect(served).toBe(1_300);
  expect(rig.refusals()).toEqual([]);
  const keys = rig.simulator.calls
    .filter(({ path }) => path.endsWith('/chat/completions'))
    .map(({ headers }) => headers);
  expect(new Set(keys.map(({ authorization }) => authorization)).size).toBe(3);
}, 60_000);

/** A gateway whose calls take their time. */
async function startRealTime(accounts: Accounts, credentials: readonly object[], settings: object = {}) {
  const simulator = await startSimulator({ accounts, callsKept: 1_000 });
  const surfaces = { 'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials } };
  const { config } = loadConfig({ env: {}, cwd: import.meta.dirname, flags: { surfaces, ...settings } });
  const gateway = new Gateway({ config });
  await gateway.runtime.start();
  const script = `sim: delay ${DELAY_MS}\nsim: say yes`;
  const body = JSON.stringify({ model: 'kimi-k2.6', messages: [{ role: 'user', content: script }] });
  const headers = { 'content-type': 'application/json' };
  const ask = async () => {
    const response = await gateway.fetch('http://moongate/v1/chat/completions', { method: 'POST', headers, body });
    await response.text();
    return response.status;
  };
  const refused = () => simulator.calls.filter(({ status }) => status === 429).length;
  const close = async () => {
    await gateway.close();
    await simulator.close();
  };
  return { gateway, ask, refused, [Symbol.asyncDispose]: close };
}

test('calls at once, in real time: the places are taken 95 % of the time, and the surface refuses none', async () => {
  const limits = { concurrency: 4 };
  await using rig = await startRealTime(
    [
      { keys: ['sk-a1', 'sk-a2'], host: 'cn', limits },
      { keys: 'sk-b', host: 'cn', limits },
    ],
    ['sk-a1', 'sk-a2', 'sk-b'].map((key) => ({ key, account: key.slice(0, 4), limits })),
  );
  await rig.ask();
  const { pool } = rig.gateway.runtime;
  const samples: number[] = [];
  const sampling = setInterval(() => {
    if (pool.waiting > 0) samples.push(pool.inFlight / 8);
  }, 2);
  const statuses = await Promise.all(Array.from({ length: 160 }, rig.ask));
  clearInterval(sampling);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(rig.refused()).toBe(0);
  expect(samples.length).toBeGreaterThan(100);
  expect(samples.reduce((sum, share) => sum + share, 0) / samples.length).toBeGreaterThan(0.95);
});

test('a limit that nobody told is found after one burst', async () => {
  await using rig = await startRealTime([{ keys: 'sk-a', host: 'cn', limits: { concurrency: 6 } }], [{ key: 'sk-a' }], {
    retries: { attempts: 5 },
  });
  const statuses = await Promise.all(Array.from({ length: 26 }, rig.ask));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(rig.refused()).toBeLessThanOrEqual(26);
});

test('limits that nobody configured are learned from the surface’s own words, and then kept', async () => {
  const limits = { rpm: 20, concurrency: 1_000 };
  await using rig = await startPoolRig([{ keys: 'sk-a', host: 'cn', limits }], (base) => ({
    limits: { queue: 1_000 },
    timeouts: { queue_ms: '30m' },
    retries: { attempts: 5 },
    surfaces: { 'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-a' }] } },
  }));
  const answers = Array.from({ length: 150 }, (_, index) => rig.ask(`question ${index}`));
  await rig.pass(9 * MINUTE, 500);
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(20 * 6);
  expect(rig.platform().accounts[0]?.limits.rpm).toBe(20);
  const first = rig.refusals()[0]?.arrivedAt ?? 0;
  expect(rig.refusals().filter(({ arrivedAt }) => arrivedAt > first + 3_000)).toEqual([]);
}, 60_000);
