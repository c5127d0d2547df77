import { describe, expect, test } from 'vitest';
import { RawClient, request } from '../http/raw.ts';
import type { Settings } from '../setup.ts';
import { until } from '../until.ts';
import { countedClock } from '../virtual-clock.ts';
import { textOf } from './answers.ts';
import { ADMIN, as, KEY, keyedRig, keyInfo, OTHER, statusOf, WAYS } from './keyed-rig.ts';
import { messagesOf, sent } from './rig.ts';

/** kimi-k2.6 at moonshot-cn: 6.5 CNY for a million tokens of prompt, 27 of answer. */
const COST = 0.027_065;
const DEAR = 'sim: usage 10 1000\nsim: say hi';
const mine = (it: { json(path: string, init?: RequestInit): Promise<Record<string, unknown>> }, path: string) =>
  it.json(path, { headers: as(KEY) });

describe.each(WAYS)('turns by $way', ({ take }) => {
  describe.each([{ stream: false }, { stream: true }])('stream $stream', ({ stream }) => {
    test('models and surfaces', async () => {
      await using it = await keyedRig({ models: ['kimi-k2.6'], surfaces: ['moonshot-ai'] });
      const refused = await take(it.rig, 'a', 'sim: say hi', { model: 'kimi-k3', stream });
      expect([refused.status, refused.headers.get('x-moongate-error')]).toEqual([403, 'model_not_allowed']);
      const answered = await take(it.rig, 'a', 'sim: say hi', { stream });
      expect([answered.status, answered.headers.get('x-moongate-surface')]).toEqual([200, 'moonshot-ai']);
      await answered.text();
      expect(await mine(it, '/v1/conversations/a')).toMatchObject({ turns: 1 });
      const elsewhere = await take(it.rig, 'a', 'sim: say hi', { model: 'moonshot-cn/kimi-k2.6', stream });
      await elsewhere.text();
      expect(elsewhere.headers.get('x-moongate-surface')).not.toBe('moonshot-cn');
    });

    test('requests in a minute', async () => {
      await using it = await keyedRig({ rpm: 2 });
      const all: number[] = [];
      for (const said of ['sim: say one', 'two', 'three'])
        all.push(await statusOf(take(it.rig, 'a', said, { stream })));
      expect(all).toEqual([200, 200, 429]);
      expect(await mine(it, '/v1/conversations/a')).toMatchObject({ turns: 2 });
      const refused = await take(it.rig, 'b', 'four', { stream });
      expect([refused.headers.get('x-moongate-error'), Number(refused.headers.get('retry-after')) > 0]).toEqual([
        'key_rate_limited',
        true,
      ]);
      const [name, left] =
        [...refused.headers].find(([header]) => /ratelimit.*requests.*remaining|remaining-requests/.test(header)) ?? [];
      expect([name !== undefined, left]).toEqual([true, '0']);
    });

    test('a budget', async () => {
      await using it = await keyedRig({ budget: { currency: 'CNY', daily: 2.5 * COST } });
      const all: number[] = [];
      for (let turn = 0; turn < 3; turn++) {
        all.push(await statusOf(take(it.rig, 'a', DEAR, { stream, max_tokens: 1_000 })));
      }
      expect(all).toEqual([200, 200, 429]);
      expect(await mine(it, '/v1/conversations/a')).toMatchObject({ turns: 2 });
      expect((await keyInfo(it.rig)).spent.daily).toBeCloseTo(2 * COST, 4);
    });

    test('expiry', async () => {
      await using it = await keyedRig({ expires: '2026-01-01' });
      expect(await statusOf(take(it.rig, 'a', 'sim: say hi', { stream }))).toBe(401);
      expect(it.rig.simulator.calls.filter(({ method }) => method === 'POST')).toEqual([]);
    });
  });

  test('whose conversation it is: for another key it does not exist, and the same id is another one', async () => {
    await using it = await keyedRig();
    expect(await statusOf(take(it.rig, 'a', 'sim: say secret'))).toBe(200);
    expect(await statusOf(take(it.rig, 'a', 'sim: say his', {}, OTHER))).toBe(200);
    expect(JSON.stringify(it.rig.simulator.calls.at(-1)?.body)).not.toContain('secret');
    expect(await mine(it, '/v1/conversations/a')).toMatchObject({ turns: 1 });
  });
});

test('another key cannot see, change, continue or end it: 404, as if it did not exist', async () => {
  await using it = await keyedRig();
  await textOf(await it.say('a', 'sim: say mine', {}, as(KEY)));
  const [question] = messagesOf(await mine(it, '/v1/conversations/a'));
  const path = '/v1/conversations/a';
  for (const [method, where, body] of [
    ['GET', path, undefined],
    ['PATCH', path, { title: 'his' }],
    ['POST', path, { title: 'his' }],
    ['DELETE', path, undefined],
    ['GET', `${path}/export?format=markdown`, undefined],
    ['POST', `${path}/fork`, { id: 'b' }],
    ['POST', `${path}/regenerate`, {}],
    ['PATCH', `${path}/messages/${question?.id}`, { content: 'his' }],
  ] as const) {
    const init = body === undefined ? { method } : sent(method, body);
    const response = await it.rig.get(where, { ...init, headers: { ...init.headers, ...as(OTHER) } });
    expect([method, where, response.status]).toEqual([method, where, 404]);
    expect(await response.text()).not.toContain('mine');
  }
  const found = await it.json('/v1/conversations?search=mine', { headers: as(OTHER) });
  expect(found['data']).toEqual([]);
  expect(messagesOf(await mine(it, path)).map(({ content }) => content)).toEqual(['sim: say mine', 'mine']);
  expect(await mine(it, path)).toMatchObject({ title: 'sim: say mine' });
});

test('a key that was rotated keeps its conversations; one that was revoked opens none', async () => {
  await using it = await keyedRig();
  const admin = { 'x-admin-key': ADMIN, 'content-type': 'application/json' };
  const ask = async (path: string, body: Settings = {}) => {
    const init = { method: 'POST', headers: admin, body: JSON.stringify(body) };
    return (await (await fetch(`${it.rig.url}/admin/keys${path}`, init)).json()) as { key: string };
  };
  const { key: first } = await ask('', { name: 'ann' });
  await textOf(await it.say('a', 'sim: say one\nsim: turn 2\nsim: say two', {}, as(first)));
  const { key: second } = await ask('/ann/rotate', { grace: 0 });
  expect((await it.say('a', 'And?', {}, as(first))).status).toBe(401);
  expect(await textOf(await it.say('a', 'And?', {}, as(second)))).toBe('two');
  await ask('/ann/revoke');
  expect((await it.say('a', 'And?', {}, as(second))).status).toBe(401);
});

test('a turn that names no model is under the rules of the one that it goes on with', async () => {
  const rules = { rpm: 2, models: ['kimi-k2.6'], budget: { currency: 'CNY', daily: 5 * COST } };
  await using it = await keyedRig(rules, { ledger: {} });
  const more = { model: undefined, max_tokens: 1_000 };
  const made = sent('POST', { id: 'forbidden', model: 'kimi-k3' });
  await it.json('/v1/conversations', { ...made, headers: { ...made.headers, ...as(KEY) } });
  expect((await it.say('forbidden', 'sim: say hi', more, as(KEY))).status).toBe(403);
  await textOf(await it.say('a', DEAR, { max_tokens: 1_000 }, as(KEY)));
  await textOf(await it.say('a', DEAR, more, as(KEY)));
  expect((await keyInfo(it.rig)).spent.daily).toBeCloseTo(2 * COST, 4);
  expect((await it.say('a', DEAR, more, as(KEY))).headers.get('x-moongate-error')).toBe('key_rate_limited');
  // What the ledger has of it.
  const rows = await until(async () => {
    const text = await (await it.rig.get('/admin/usage/calls', { headers: { 'x-admin-key': ADMIN } })).text();
    const all = text.trim().split('\n');
    return all.length === 4 ? all.map((line) => JSON.parse(line) as Settings) : undefined;
  }, 'the rows');
  expect(rows.slice(1, 3)).toMatchObject([
    { asked: 'kimi-k2.6', key_name: 'me', status: 200, cost_nano: expect.any(Number) },
    { asked: 'kimi-k2.6', key_name: 'me', status: 200, cost_nano: expect.any(Number) },
  ]);
});

test('what is set aside for a turn is all that goes up, not only what is new', async () => {
  await using it = await keyedRig({ tpm: 20_000 });
  const history = [
    { role: 'user', content: 'abcdefghi '.repeat(4_000) },
    { role: 'assistant', content: 'Yes.' },
  ];
  const made = sent('POST', { id: 'long', messages: history });
  await it.json('/v1/conversations', { ...made, headers: { ...made.headers, ...as(KEY) } });
  await textOf(await it.say('short', 'sim: usage 14000 1000', { max_tokens: 100 }, as(KEY)));
  expect((await it.say('long', 'sim: say hi', { max_tokens: 100 }, as(KEY))).status).toBe(429);
  expect(await textOf(await it.say('short', 'sim: say hi', { max_tokens: 100 }, as(KEY)))).toContain('');
});

describe('turns that wait for their conversation', () => {
  const slow = 'sim: delay 300\nsim: say one\nsim: turn 2\nsim: say two\nsim: turn 3\nsim: say three';
  const asked = (it: Awaited<ReturnType<typeof keyedRig>>, count: number) =>
    until(() => it.rig.simulator.calls.filter(({ path }) => path.endsWith('completions')).length >= count, 'the call');

  test.each([{ stream: false }, { stream: true }])(
    'hold no place of their key: each has it in its turn, stream $stream',
    async ({ stream }) => {
      await using it = await keyedRig({ concurrency: 1 });
      const first = it.say('a', slow, { stream }, as(KEY));
      await asked(it, 1);
      const waiting = [it.say('a', 'And?', { stream }, as(KEY)), it.say('a', 'And then?', { stream }, as(KEY))];
      expect((await it.say('b', 'sim: say hi', {}, as(KEY))).headers.get('x-moongate-error')).toBe('key_busy');
      expect(await textOf(await first)).toBe('one');
      expect(await Promise.all(waiting.map(async (one) => textOf(await one)))).toEqual(['two', 'three']);
      for (let turn = 0; turn < 4; turn++) await textOf(await it.say('b', 'sim: say hi', { stream }, as(KEY)));
    },
  );

  test('are not answered for a key that expires meanwhile', async () => {
    let laterMs = 0;
    const counted = countedClock();
    const clock = Object.defineProperties({ ...counted }, Object.getOwnPropertyDescriptors(counted));
    clock.now = () => counted.now() + laterMs;
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    await using it = await keyedRig({ expires }, {}, { clock });
    const first = it.say('a', slow, {}, as(KEY));
    await asked(it, 1);
    const second = it.say('a', 'And?', {}, as(KEY));
    // Until it stands in the line.
    await until(async () => (await it.rig.get('/v1/conversations', { headers: as(KEY) })).status === 200, 'a moment');
    laterMs = 2 * 3_600_000;
    expect(await textOf(await first)).toBe('one');
    expect((await second).headers.get('x-moongate-error')).toBe('key_expired');
  });

  test('and leave nothing taken when they leave the line, or are sent away', async () => {
    await using it = await keyedRig(
      { concurrency: 1, rpm: 3, tpm: 100_000, budget: { currency: 'CNY', daily: 3 * COST } },
      { conversations: { queue: 1 } },
    );
    const dear = `sim: delay 300\n${DEAR}`;
    const first = it.say('a', dear, { max_tokens: 1_000 }, as(KEY));
    await asked(it, 1);
    using client = new RawClient(it.rig.port);
    const body = { model: 'kimi-k2.6', conversation_id: 'a', messages: [{ role: 'user', content: 'never' }] };
    await client.write(request(JSON.stringify(body), `authorization: Bearer ${KEY}\r\n`));
    const away = await until(async () => {
      const response = await it.say('a', 'never', {}, as(KEY));
      return response.status === 409 ? response : undefined;
    }, 'the full line');
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    client.socket.destroy();
    await textOf(await first);
    const { limits, spent } = await keyInfo(it.rig);
    expect(limits).toMatchObject([
      { of: 'requests', remaining: 2 },
      { of: 'tokens', remaining: 100_000 - 1_010 },
    ]);
    expect(spent.daily).toBeCloseTo(COST, 4);
    expect(await textOf(await it.say('a', DEAR, { max_tokens: 1_000 }, as(KEY)))).toBe('hi');
    expect((await mine(it, '/v1/conversations/a'))['turns']).toBe(2);
  });
});

test('an answer that is told again costs nothing, also when the budget and the minute are used up', async () => {
  await using it = await keyedRig({ rpm: 1, budget: { currency: 'CNY', daily: 1.5 * COST } });
  const headers = { ...as(KEY), 'idempotency-key': 'k1' };
  for (const stream of [false, true, false]) {
    const answer = await it.say('a', DEAR, { stream, max_tokens: 1_000 }, headers);
    expect([answer.status, await textOf(answer)]).toEqual([200, 'hi']);
  }
  const { limits, spent } = await keyInfo(it.rig);
  expect(limits).toMatchObject([{ of: 'requests', remaining: 0 }]);
  expect(spent.daily).toBeCloseTo(COST, 4);
  expect((await it.say('a', DEAR, { max_tokens: 1_000 }, as(KEY))).status).toBe(429);
});

test('a summary that had to be written is paid by the key, and stands in the ledger', async () => {
  const more = { conversations: { overflow: 'summarise' }, ledger: {} };
  await using it = await keyedRig({ budget: { currency: 'CNY', daily: 100 } }, more);
  const messages = Array.from({ length: 6 }, (_, index) => [
    { role: 'user', content: `${index} ${'abcdefghi '.repeat(20_000)}` },
    { role: 'assistant', content: `answer ${index}` },
  ]).flat();
  const made = sent('POST', { id: 'a', messages });
  await it.json('/v1/conversations', { ...made, headers: { ...made.headers, ...as(KEY) } });
  const answer = await it.say('a', 'sim: say hi', { max_tokens: 100 }, as(KEY));
  const { usage } = (await answer.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
  expect(answer.headers.get('x-moongate-notes')).toContain('summary');
  const own = (usage.prompt_tokens * 6.5 + usage.completion_tokens * 27) / 1e6;
  expect((await keyInfo(it.rig)).spent.daily).toBeGreaterThan(own * 1.2);
  const calls = async () => (await it.rig.get('/admin/usage/calls', { headers: { 'x-admin-key': ADMIN } })).text();
  const row = JSON.parse(await until(async () => (await calls()).split('\n')[0], 'the row')) as Record<string, number>;
  expect(row['tokens_in']).toBeGreaterThan(usage.prompt_tokens * 1.2);
});
