import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { StillClock } from '../../src/credentials/fixture.ts';
import { Gateway } from '../../src/gateway.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';

const HOUR = 3_600_000;
const A = 'sk-restart-a-0123456789abcdef';
const B = 'sk-restart-b-0123456789abcdef';

let simulator: Simulator;
let data: string;
const clock = new StillClock();

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'moongate-restart-'));
  const accounts = [A, B].map((keys) => ({ keys, host: 'cn' as const }));
  simulator = await startSimulator({ accounts, now: clock.now });
});
afterEach(async () => {
  await simulator.close();
  rmSync(data, { recursive: true });
});

/** A process of its own, as far as the gateway can tell. */
async function running<T>(work: (gateway: Gateway) => Promise<T>, more: object = {}): Promise<T> {
  const credentials = [{ key: A, name: 'a' }];
  const surfaces = { 'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials } };
  const { config } = loadConfig({ env: {}, cwd: data, flags: { data, surfaces, ...more } });
  const gateway = new Gateway({ config, clock });
  await gateway.started;
  try {
    return await work(gateway);
  } finally {
    await gateway.close();
  }
}

const ask = async (gateway: Gateway) => {
  const body = JSON.stringify({ model: 'kimi-k2.6', messages: [{ role: 'user', content: 'hi' }] });
  const headers = { 'content-type': 'application/json' };
  const response = await gateway.fetch('http://moongate/v1/chat/completions', { method: 'POST', headers, body });
  await response.text();
  return response.status;
};
const states = async (gateway: Gateway) =>
  Object.fromEntries((await gateway.credentials.list()).map(({ name, state }) => [name, state]));

test('who rests still rests after a restart, and no longer than the cause lasts', async () => {
  simulator.account(A).suspended = true;
  await running(async (gateway) => expect(await ask(gateway)).toBe(429));
  const posts = () => simulator.calls.filter(({ method }) => method === 'POST').length;
  expect(posts()).toBe(1);
  await running(async (gateway) => {
    expect(await states(gateway)).toEqual({ a: 'resting' });
    expect(await ask(gateway)).toBe(503);
  });
  expect(posts()).toBe(1);
  simulator.account(A).suspended = false;
  await clock.advance(HOUR);
  await running(async (gateway) => {
    // One request proves it, and then it is forgotten for good.
    expect(await ask(gateway)).toBe(200);
    expect(await states(gateway)).toEqual({ a: 'ready' });
  });
  await running(async (gateway) => expect(await states(gateway)).toEqual({ a: 'ready' }));
});

test('what was added, switched off and removed at run time is so after a restart; the secret lies nowhere in the clear', async () => {
  await running(async (gateway) => {
    const { note } = await gateway.credentials.add({ surface: 'moonshot-cn', key: B, name: 'b' });
    expect(note).toBeNull();
    gateway.credentials.setEnabled('a', false);
  });
  await running(async (gateway) => {
    expect(await states(gateway)).toEqual({ a: 'disabled', b: 'ready' });
    expect(await ask(gateway)).toBe(200);
    expect(simulator.calls.at(-1)?.headers['authorization']).toBe(`Bearer ${B}`);
    expect((await gateway.credentials.list()).find(({ name }) => name === 'b')?.source).toBe('stored');
  });
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toContain('secret.key');
  for (const { parentPath, name } of files) expect(readFileSync(join(parentPath, name)).includes(B)).toBe(false);
  await running(async (gateway) => {
    expect(await gateway.credentials.remove('b')).toBeNull();
  });
  await running(async (gateway) => expect(await states(gateway)).toEqual({ a: 'disabled' }));
});

test('with another key what was stored is left alone and not used', async () => {
  await running((gateway) => gateway.credentials.add({ surface: 'moonshot-cn', key: B, name: 'b' }));
  const other = { secret_key: 'another-key-0123456789' };
  await running(async (gateway) => expect(await states(gateway)).toEqual({ a: 'ready' }), other);
  await running(async (gateway) => expect(await states(gateway)).toEqual({ a: 'ready', b: 'ready' }));
});

test('a gateway that has nothing to remember writes nothing', async () => {
  await running(async (gateway) => expect(await ask(gateway)).toBe(200));
  expect(readdirSync(data)).toEqual([]);
});
