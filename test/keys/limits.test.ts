import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redis } from '../services/redis.ts';
import type { Settings } from '../setup.ts';
import { until } from '../until.ts';
import { type Fleet, says, startFleet, statuses } from './fleet.ts';

const KEY = 'key-of-the-configuration-0123';
const withKey = (rules: Settings): Settings => ({ keys: [{ name: 'me', key: KEY, ...rules }] });
const count = (all: readonly number[], status: number) => all.filter((one) => one === status).length;

/** The same limits in one process and over three that share a server. */
function describeLimits(name: string, tests: (start: (rules: Settings) => Promise<Fleet>) => void): void {
  describe(`${name} (one process)`, () => tests((rules) => startFleet(1, withKey(rules))));
  describe(`${name} (three with Redis)`, () => {
    let server: Redis | undefined;
    beforeAll(async () => {
      server = await Redis.start();
    });
    afterAll(() => server?.[Symbol.asyncDispose]());
    let issued = 0;
    tests(async (rules) => {
      // Another name for each test: the server remembers the minute.
      const settings = { keys: [{ name: `me-${++issued}`, key: KEY, ...rules }], coordination: server?.url };
      const fleet = await startFleet(3, settings);
      await until(() => fleet.gateways.every(({ runtime }) => runtime.state.coordination.shared), 'Redis');
      return fleet;
    });
  });
}

describeLimits('limits of a key hold exactly', (start) => {
  test('requests in a minute', async () => {
    await using fleet = await start({ rpm: 25 });
    const all = await statuses(Array.from({ length: 80 }, () => fleet.chat(KEY)));
    expect([count(all, 200), count(all, 429)]).toEqual([25, 55]);
    expect(fleet.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(25);
  });

  test('requests at once', async () => {
    await using fleet = await start({ concurrency: 4 });
    const slow = Array.from({ length: 12 }, () => fleet.chat(KEY, says('sim: delay 400\nsim: say hi')));
    const all = await statuses(slow);
    expect([count(all, 200), count(all, 429)]).toEqual([4, 8]);
    // Who has its answer finds its place free.
    for (let at = 0; at < 6; at++) expect(await statuses([fleet.chat(KEY, { stream: at % 2 === 0 })])).toEqual([200]);
  });

  test('tokens in a minute: set aside before, counted as they were behind', async () => {
    await using fleet = await start({ tpm: 1_000 });
    const asking = () => fleet.chat(KEY, { ...says('sim: usage 100 100\nsim: say hi'), max_tokens: 180 });
    // About 200 are set aside for each, 200 are used.
    const all = await statuses(Array.from({ length: 20 }, asking));
    const served = count(all, 200);
    expect(served).toBeGreaterThanOrEqual(4);
    expect(served).toBeLessThanOrEqual(5);
    const shown = await fleet.admin(`/${fleet.gateways[0]?.runtime.config.keys[0]?.name}`);
    expect(shown.body.limits).toMatchObject([{ of: 'tokens', limit: 1_000, remaining: 1_000 - served * 200 }]);
  });

  test('a stream counts what it has used, and what a client that left has got', async () => {
    await using fleet = await start({ tpm: 100_000 });
    const used = async () => {
      const { body } = await fleet.admin(`/${fleet.gateways[0]?.runtime.config.keys[0]?.name}`);
      return 100_000 - body.limits[0].remaining;
    };
    await statuses([fleet.chat(KEY, { ...says('sim: usage 70 30\nsim: say hi'), stream: true })]);
    expect(await used()).toBe(100);
    const words = 'word '.repeat(400);
    const response = await fleet.chat(KEY, {
      ...says(`sim: usage 70 9000\nsim: say ${words}\nsim: stall 40`),
      stream: true,
    });
    const reader = response.body?.getReader();
    let got = '';
    while (got.split('word').length < 20) got += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    const delivered = await until(
      async () => ((await used()) !== 100 && (await used()) < 4_000 ? await used() : 0),
      'the count',
    );
    expect(delivered).toBeGreaterThan(110);
    expect(delivered).toBeLessThan(2_500);
  });
});

describe('what a client is told', () => {
  test('in the form of OpenAI, on answers and on refusals', async () => {
    await using fleet = await startFleet(1, withKey({ rpm: 2, tpm: 50_000 }));
    const first = await fleet.chat(KEY, { max_tokens: 100 });
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-limit-tokens': '50000',
      'x-ratelimit-reset-requests': expect.stringMatching(/^1m\d+(\.\d+)?s$/),
    });
    const left = Number(first.headers.get('x-ratelimit-remaining-tokens'));
    expect(left).toBeGreaterThan(49_700);
    expect(left).toBeLessThan(50_000);
    await fleet.chat(KEY);
    const refused = await fleet.chat(KEY);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(await refused.json()).toMatchObject({
      error: {
        type: 'rate_limit_error',
        code: 'key_rate_limited',
        limit: 'rpm',
        message: expect.stringContaining('2 requests'),
      },
    });
  });

  test('nothing where the key has no limits', async () => {
    await using fleet = await startFleet(1, withKey({ models: ['kimi-*'] }));
    const { headers } = await fleet.chat(KEY);
    expect([...headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([]);
  });
});

test('several prompts in one request are set aside together', async () => {
  await using fleet = await startFleet(1, withKey({ tpm: 1_000 }));
  const headers = { 'x-api-key': KEY, 'content-type': 'application/json' };
  const prompt = ['sim: usage 50 250', 'sim: usage 50 250', 'sim: usage 50 250'];
  const body = JSON.stringify({ model: 'kimi-k2.6', prompt, max_tokens: 250 });
  const responses = [1, 2].map(() => fleet.call('/v1/completions', { method: 'POST', headers, body }));
  expect((await statuses(responses)).toSorted()).toEqual([200, 429]);
  const { body: shown } = await fleet.admin('/me');
  expect(shown.limits).toMatchObject([{ of: 'tokens', remaining: 100 }]);
});

test('a batch would run past the rules', async () => {
  const keys = [
    { name: 'me', key: KEY, budget: { daily: 1 } },
    { name: 'free', key: `${KEY}-2`, rpm: 5 },
  ];
  await using fleet = await startFleet(1, { keys });
  const body = JSON.stringify({ input_file_id: 'file-1', endpoint: '/v1/chat/completions', completion_window: '24h' });
  const create = (key: string) => fleet.call('/v1/batches', { method: 'POST', headers: { 'x-api-key': key }, body });
  const refused = await create(KEY);
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'model_not_allowed' } }]);
  expect((await create(`${KEY}-2`)).status).not.toBe(403);
});

describe('what a key may use', () => {
  const models = async (fleet: Fleet): Promise<string[]> => {
    const response = await fleet.call('/v1/models', { headers: { 'x-api-key': KEY } });
    const { data } = (await response.json()) as { data: { id: string }[] };
    return data.map(({ id }) => id);
  };
  const ask = async (fleet: Fleet, model: string) => {
    const response = await fleet.chat(KEY, { model });
    const body = (await response.json()) as { error?: { code?: string } };
    return body.error?.code ?? response.status;
  };

  test('by name, by pattern, by what a name means', async () => {
    await using fleet = await startFleet(1, withKey({ models: ['kimi-k2.6', 'kimi-k2.7-*', 'my-*'] }));
    expect(await ask(fleet, 'kimi-k2.6')).toBe(200);
    expect(await ask(fleet, 'moonshot/kimi-k2.6')).toBe(200);
    expect(await ask(fleet, 'kimi-k2.7-code')).toBe(200);
    expect(await ask(fleet, 'k25')).toBe(200);
    expect(await ask(fleet, 'kimi-k3')).toBe('model_not_allowed');
    expect(await ask(fleet, 'moonshot-cn/kimi-k3')).toBe('model_not_allowed');
    expect(await ask(fleet, 'nobody')).toBe('unknown_model');
    const listed = await models(fleet);
    expect(listed).toContain('kimi-k2.6');
    expect(listed).toContain('k25');
    expect(listed.filter((id) => id.includes('k3'))).toEqual([]);
  });

  test('a star is no slash', async () => {
    await using fleet = await startFleet(1, withKey({ models: ['moonshot-*'] }));
    expect(await ask(fleet, 'moonshot-cn/kimi-k3')).toBe('model_not_allowed');
    expect(await ask(fleet, 'moonshot-v1-8k')).toBe(200);
  });

  test('by surface and by route', async () => {
    const elsewhere = {
      type: 'compatible',
      base_url: 'http://127.0.0.1:9/v1',
      credentials: [{ key: 'sk-elsewhere-0123' }],
    };
    await using fleet = await startFleet(1);
    const { surfaces } = fleet.gateways[0]?.runtime.config ?? {};
    const base = surfaces?.['moonshot-cn']?.base_url;
    await using routed = await startFleet(1, {
      surfaces: {
        'moonshot-cn': { base_url: base, credentials: [{ key: 'sk-rig-cn-0f8e7d6c5b4a39281706' }] },
        elsewhere: { ...elsewhere, models: { 'kimi-k2.6': 'x', other: 'y' } },
      },
      routes: { default: ['elsewhere', 'moonshot-cn'], own: ['moonshot-cn'] },
      keys: [
        { name: 'routed', key: KEY, route: 'own' },
        { name: 'kept', key: `${KEY}-2`, surfaces: ['elsewhere'] },
      ],
    });
    expect(await ask(routed, 'kimi-k2.6')).toBe(200);
    expect(await ask(routed, 'other')).toBe('model_not_allowed');
    expect((await models(routed)).includes('other')).toBe(false);
    const kept = await routed.chat(`${KEY}-2`, { model: 'kimi-k3' });
    expect([kept.status, await kept.json()]).toMatchObject([403, { error: { type: 'permission_error' } }]);
  });
});
