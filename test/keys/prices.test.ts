import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { CODE_ACCOUNT, CODE_KEY, DataFolder } from '../conversations/seed-example.ts';
import { CN_KEY, post, type Rig, type RigOptions, type Settings, startRig } from '../setup.ts';
import { until } from '../until.ts';

const KEY = 'key-with-a-budget-0123456789';
const ADMIN = 'admin-key-of-the-prices-0123456789';
const SAID = 'sim: usage 1000 100\nsim: say hi';

interface Asked {
  readonly surfaces: (simulator: Simulator) => Settings;
  readonly budget?: Settings;
}

function priced({ surfaces, budget = { daily: 10 } }: Asked, data: string): RigOptions {
  return {
    simulator: { accounts: [{ keys: CN_KEY, host: 'cn', id: 'org-cn' }, CODE_ACCOUNT] },
    config: (simulator) => ({
      ...{ data, ledger: {}, admin_key: ADMIN, keys: [{ name: 'me', key: KEY, budget }] },
      surfaces: surfaces(simulator),
    }),
    secrets: [KEY, ADMIN, CODE_KEY],
  };
}

const other =
  (more: Settings = {}) =>
  ({ cnBaseUrl }: Simulator): Settings => ({
    other: { type: 'compatible', base_url: cnBaseUrl, credentials: [{ key: CN_KEY }], ...more },
  });

const code =
  (more: Settings = {}) =>
  ({ codeBaseUrl }: Simulator): Settings => ({
    'kimi-code': { base_url: codeBaseUrl, face: 'anthropic', credentials: [{ key: CODE_KEY }], ...more },
  });

const ask = (rig: Rig, model: string, said = SAID, more: Settings = {}) =>
  rig.chat(
    { model, messages: [{ role: 'user', content: said }], ...more },
    { headers: { authorization: `Bearer ${KEY}` } },
  );
const owner = { headers: { 'x-admin-key': ADMIN } };
const spent = async (rig: Rig) => {
  const { spent } = (await (await rig.get('/admin/keys/me', owner)).json()) as { spent: { daily: number } };
  return spent.daily;
};
const row = async (rig: Rig) => {
  const read = async () => (await (await rig.get('/admin/usage/calls', owner)).text()).split('\n')[0];
  return JSON.parse(await until(read, 'the row')) as Record<string, unknown>;
};

describe('a surface whose prices nobody knows', () => {
  test('does not serve a key with a budget', async () => {
    using data = new DataFolder();
    await using rig = await startRig(priced({ surfaces: other() }, data.path));
    const refused = await ask(rig, 'kimi-k2.6');
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('price')]);
  });

  test('serves it as if it were free where the owner says so', async () => {
    using data = new DataFolder();
    const budget = { daily: 10, unpriced: 'free' };
    await using rig = await startRig(priced({ surfaces: other(), budget }, data.path));
    expect((await ask(rig, 'kimi-k2.6')).status).toBe(200);
    expect(await spent(rig)).toBe(0);
    expect(await row(rig)).toMatchObject({ surface: 'other', cost_nano: null, currency: null });
  });

  test('serves it by prices of the owner’s: the first row that fits and holds', async () => {
    using data = new DataFolder();
    const prices = [
      { model: 'kimi-k2.6', input: 900, output: 900, until: '2026-01-01' },
      { model: 'kimi-k2.6', input: 800, output: 800, from: '2090-01-01' },
      { model: 'mine*', input: 2, cached: 1, output: 10 },
      { input: 4, output: 20 },
    ];
    const models = { mine: 'kimi-k2.6', 'kimi-k3': 'kimi-k3' };
    await using rig = await startRig(priced({ surfaces: other({ prices, models }) }, data.path));
    expect((await ask(rig, 'mine')).status).toBe(200);
    const cost = (1_000 * 2 + 100 * 10) / 1e6;
    expect(await spent(rig)).toBeCloseTo(cost, 9);
    expect(await row(rig)).toMatchObject({ surface: 'other', cost_nano: cost * 1e9, currency: 'USD' });
    expect((await ask(rig, 'kimi-k3')).status).toBe(200);
    expect(await spent(rig)).toBeCloseTo(cost + (1_000 * 4 + 100 * 20) / 1e6, 9);
  });
});

describe('a subscription', () => {
  test('costs nothing by the token: a budget never ends it', async () => {
    using data = new DataFolder();
    await using rig = await startRig(priced({ surfaces: code(), budget: { daily: 0 } }, data.path));
    expect((await ask(rig, 'k3', SAID, { max_tokens: 1_000 })).status).toBe(200);
    expect(await spent(rig)).toBe(0);
  });

  test('goes on when the budget is used up elsewhere, and the answer says so', async () => {
    using data = new DataFolder();
    const surfaces = (simulator: Simulator): Settings => ({
      'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key: CN_KEY }], models: { mine: 'kimi-k3' } },
      'kimi-code': { ...(code({ models: { mine: 'k3' } })(simulator)['kimi-code'] as Settings) },
    });
    const options = priced({ surfaces, budget: { currency: 'CNY', daily: 0.15 } }, data.path);
    const config = options.config as (simulator: Simulator) => Settings;
    const routes = { default: ['moonshot-cn', 'kimi-code'] };
    await using rig = await startRig({ ...options, config: (simulator) => ({ ...config(simulator), routes }) });
    const served = async (model: string) => {
      const response = await ask(rig, model, SAID, { max_tokens: 1_000 });
      await response.text();
      const notes = response.headers.get('x-moongate-notes') ?? '';
      return [response.status, response.headers.get('x-moongate-surface'), notes.includes('costs nothing')];
    };
    expect(await served('mine')).toEqual([200, 'moonshot-cn', false]);
    for (let count = 0; count < 4; count++) await served('mine');
    expect(await served('mine')).toEqual([200, 'kimi-code', true]);
    expect(await served('moonshot-cn/mine')).toEqual([429, null, false]);
  });

  test('counts by prices of the owner’s where there are some, and ends', async () => {
    using data = new DataFolder();
    const prices = [{ currency: 'CNY', input: 1_000, output: 1_000 }];
    const budget = { currency: 'CNY', daily: 2 };
    await using rig = await startRig(priced({ surfaces: code({ prices }), budget }, data.path));
    expect((await ask(rig, 'k3', SAID, { max_tokens: 500 })).status).toBe(200);
    expect(await spent(rig)).toBeGreaterThan(0.5);
    await ask(rig, 'k3', SAID, { max_tokens: 500 });
    expect((await ask(rig, 'k3', SAID, { max_tokens: 1_000 })).headers.get('x-moongate-error')).toBe(
      'budget_exhausted',
    );
  });

  test('an answer in Anthropic’s shape that its client left is counted by what was delivered', async () => {
    using data = new DataFolder();
    const prices = [{ input: 0, output: 1_000 }];
    await using rig = await startRig(priced({ surfaces: code({ prices }), budget: { daily: 1_000 } }, data.path));
    const said = `sim: say ${'word '.repeat(400)}\nsim: stall 40`;
    const body = { model: 'k3', max_tokens: 10_000, stream: true, messages: [{ role: 'user', content: said }] };
    const headers = { authorization: `Bearer ${KEY}`, 'anthropic-version': '2023-06-01' };
    // Straight from the gateway: the rig's witness would want the whole answer.
    const response = await fetch(`${rig.url}/v1/messages`, post(body, { headers }));
    const reader = response.body?.getReader();
    let got = '';
    while (got.split('word').length < 20) got += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    const sum = await until(() => spent(rig), 'the spending');
    expect(sum).toBeGreaterThan(10 * 0.001);
    expect(sum).toBeLessThan(2_500 * 0.001);
  });
});

test('searches count in a budget as they do in the ledger', async () => {
  using data = new DataFolder();
  const surfaces = ({ cnBaseUrl }: Simulator): Settings => ({
    'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: CN_KEY }] },
  });
  await using rig = await startRig(priced({ surfaces, budget: { currency: 'CNY', daily: 10 } }, data.path));
  const script = 'sim: tool web_search {"query":"x"}\nsim: usage 100 10\nsim: turn 2\nsim: say Hi.\nsim: usage 200 20';
  expect((await ask(rig, 'kimi-k2.6-search', script)).status).toBe(200);
  const cost = (300 * 6.5 + 30 * 27) / 1e6 + 0.03;
  expect(await spent(rig)).toBeCloseTo(cost, 6);
  expect((await row(rig))['cost_nano']).toBeCloseTo(cost * 1e9, -3);
});
