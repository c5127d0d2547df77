import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AI_KEY, CN_KEY, platform, post, type Rig, type RigOptions, type Settings, startRig } from '../setup.ts';
import { describeDatabases, placeOf } from '../state/engines.ts';
import { until } from '../until.ts';

const calls = async (rig: Rig, query = ''): Promise<readonly Record<string, unknown>[]> => {
  const text = await (await rig.get(`/admin/usage/calls?${query}`)).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};
const report = async (rig: Rig, query = '') =>
  (await (await rig.get(`/admin/usage?${query}`)).json()) as {
    rows: Record<string, unknown>[];
    totals: Record<string, unknown>;
  };
const ask = (content: string, more: Settings = {}) => ({
  model: 'kimi-k2.6',
  messages: [{ role: 'user', content }],
  ...more,
});
/** An answer's row is entered when the answer has ended, which the client may see a moment before. */
const entered = (rig: Rig, rows: number) =>
  until(async () => {
    const all = await calls(rig);
    return all.length >= rows ? all : undefined;
  }, `${rows} rows in the ledger`);

describeDatabases('the ledger', (place) => {
  async function ledgerRig(options: RigOptions = {}, ledger: Settings = {}): Promise<Rig> {
    const { target } = await place();
    const where = target.kind === 'sqlite' ? { data: join(target.path, '..') } : { database: target.url };
    const more = typeof options.config === 'object' ? options.config : {};
    return startRig({
      ...options,
      config: (simulator) => ({ surfaces: platform(simulator), ...where, ledger, ...more }),
    });
  }

  test('each call has a row: who, what, tokens, cost, times', async () => {
    await using rig = await ledgerRig();
    await (await rig.chat('sim: say hello')).text();
    await (await rig.chat(ask('sim: say hello', { model: 'moonshot-ai/kimi-k3', stream: true }))).text();
    const body = { model: 'kimi-k2.6', max_tokens: 50, messages: [{ role: 'user', content: 'sim: say hello' }] };
    await (await rig.get('/v1/messages', post(body))).text();
    const [whole, stream, messages] = await entered(rig, 3);
    expect(whole).toMatchObject({
      key_name: 'local',
      protocol: 'openai-chat',
      asked: 'kimi-k2.6',
      model: 'kimi-k2.6',
      surface: 'moonshot-cn',
      status: 200,
      error: null,
      complete: 1,
      currency: 'CNY',
      fallbacks: 0,
    });
    const { tokens_in, tokens_cached, tokens_out, cost_nano } = whole as Record<string, number>;
    const fresh = (tokens_in ?? 0) - (tokens_cached ?? 0);
    expect(tokens_out).toBeGreaterThan(0);
    expect(cost_nano).toBe(Math.round((fresh * 6.5 + (tokens_cached ?? 0) * 1.1 + (tokens_out ?? 0) * 27) * 1000));
    expect(whole?.['first_ms']).toBeLessThanOrEqual(Number(whole?.['total_ms']));
    expect(String(whole?.['credential'])).not.toContain(CN_KEY);
    expect(stream).toMatchObject({
      asked: 'moonshot-ai/kimi-k3',
      model: 'kimi-k3',
      surface: 'moonshot-ai',
      currency: 'USD',
    });
    expect(messages).toMatchObject({ protocol: 'anthropic-messages', asked: 'kimi-k2.6', status: 200 });
  });

  test('an answer that was searched for costs the tokens of its rounds, and its searches', async () => {
    await using rig = await ledgerRig();
    const script =
      'sim: tool web_search {"query":"x"}\nsim: usage 100 10\nsim: turn 2\nsim: say Hi.\nsim: usage 200 20';
    await (await rig.chat(ask(script, { model: 'moonshot-cn/kimi-k2.6-search', stream: true }))).text();
    await (await rig.chat(ask(script, { model: 'moonshot-ai/kimi-k2.6-search' }))).text();
    const [cn, ai] = await entered(rig, 2);
    expect(cn).toMatchObject({
      asked: 'moonshot-cn/kimi-k2.6-search',
      tokens_in: 300,
      tokens_out: 30,
      currency: 'CNY',
    });
    expect(cn?.['cost_nano']).toBe((300 * 6.5 + 30 * 27) * 1_000 + 30_000_000);
    expect(ai?.['cost_nano']).toBe((300 * 0.95 + 30 * 4) * 1_000 + 4_000_000);
  });

  test('calls that fail count too, and what is no call does not', async () => {
    await using rig = await ledgerRig();
    await rig.chat(ask('sim: say x', { model: 'no-such-model' }));
    await rig.get('/v1/chat/completions', { ...post({}), body: '{broken' });
    await rig.get('/v1/models');
    await rig.get('/v1/nothing');
    await (await rig.chat(ask('sim: say one two three\nsim: cut', { stream: true }))).text();
    const rows = await entered(rig, 3);
    expect(rows).toHaveLength(3);
    expect(rows.map(({ status, error }) => [status, error])).toEqual([
      [404, 'unknown_model'],
      [400, 'invalid_json'],
      [200, expect.any(String)],
    ]);
    expect((await report(rig)).totals).toMatchObject({ requests: 3, failed: 3 });
  });

  test('sums by what is asked for, in one zone’s days, as JSON and as CSV', async () => {
    const keys = [
      { name: 'ana', key: 'inbound-ana-0123456789' },
      { name: 'ben', key: 'inbound-ben-0123456789' },
    ];
    await using rig = await ledgerRig({ config: { keys, admin_key: 'admin-0123456789' } });
    const as = (name: string, body: Settings) =>
      rig
        .get('/v1/chat/completions', post(body, { headers: { authorization: `Bearer inbound-${name}-0123456789` } }))
        .then((response) => response.text());
    for (const model of ['kimi-k2.6', 'kimi-k2.6', 'kimi-k3']) await as('ana', ask('sim: say hi', { model }));
    await as('ben', ask('sim: say hi', { model: 'moonshot-ai/kimi-k2.6' }));
    const admin = { headers: { 'x-admin-key': 'admin-0123456789' } };
    const get = async (query: string) => await (await rig.get(`/admin/usage?${query}`, admin)).text();
    await until(async () => JSON.parse(await get('')).totals.requests === 4, 'the rows');
    const byKey = JSON.parse(await get('by=key,model'));
    expect(byKey.rows.map(({ key, model, requests }: Record<string, unknown>) => [key, model, requests])).toEqual([
      ['ana', 'kimi-k2.6', 2],
      expect.arrayContaining([1]),
      expect.arrayContaining([1]),
    ]);
    expect(Object.keys(byKey.totals.cost).sort()).toEqual(['CNY', 'USD']);
    const day = JSON.parse(await get('by=day&utc_offset=480&key=ana')).rows;
    expect(day).toHaveLength(1);
    expect(day[0].day).toMatch(/T16:00:00\.000Z$/);
    expect(day[0].requests).toBe(3);
    const csv = (await get('by=model&format=csv')).split('\r\n');
    expect(csv[0]).toBe(
      'model,requests,failed,tokens_in,tokens_cached,tokens_out,tokens_reasoning,unpriced,first_ms,total_ms,cost_cny,cost_usd',
    );
    expect(csv[1]).toMatch(/^kimi-k2\.6,3,0,/);
    for (const [query, word] of [
      ['by=weather', 'credential'],
      ['since=tomorrow', '24h'],
      ['since=1d&until=2d', 'before'],
      ['format=pdf', 'csv'],
      ['utc_offset=9999', 'minutes'],
    ]) {
      const refused = await rig.get(`/admin/usage?${query}`, admin);
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(word ?? '')]);
    }
  });

  test('what was said is not stored, unless the owner wants it, and then without keys', async () => {
    const { target } = await place();
    const where = target.kind === 'sqlite' ? { data: join(target.path, '..') } : { database: target.url };
    const saying = `sim: say my key is sk-abcdef0123456789abcdef and the word is bananas ${'x'.repeat(3_000)}`;
    for (const bodies of [false, true]) {
      await using rig = await startRig({
        config: (simulator) => ({
          surfaces: platform(simulator),
          ...where,
          ledger: { bodies, bodies_bytes: '2KiB', redact: ['banana\\w*'] },
        }),
      });
      await (await rig.chat(saying)).text();
      await (await rig.chat(ask(saying, { stream: true }))).text();
      await entered(rig, bodies ? 4 : 2);
      const database = placeOf(target).open();
      const stored = await database.use((db) => db.selectFrom('ledger_bodies').selectAll().execute());
      await database.close();
      expect(stored).toHaveLength(bodies ? 2 : 0);
      for (const { request, answer } of stored) {
        expect(request).toContain('my key is [key] and the word is [redacted]');
        expect(answer).toMatch(/"(?:content|delta)"/);
        expect(`${request}${answer}`).not.toContain('sk-abcdef');
        expect(request?.length).toBeLessThanOrEqual(2048);
        expect(answer?.length).toBeLessThanOrEqual(2048);
      }
    }
  });
});

test('nothing is opened before there is something to write, and nothing where the ledger is off', async () => {
  const data = join(mkdtempSync(join(tmpdir(), 'moongate-ledger-')), 'data');
  {
    await using rig = await startRig({ config: (simulator) => ({ surfaces: platform(simulator), data }) });
    await (await rig.chat('sim: say hi')).text();
    await (await rig.get('/v1/models')).text();
  }
  expect(() => rmSync(data, { recursive: true })).toThrow('ENOENT');
  {
    await using rig = await startRig({ config: (simulator) => ({ surfaces: platform(simulator), data, ledger: {} }) });
    await (await rig.get('/v1/models')).text();
  }
  expect(() => rmSync(data, { recursive: true })).toThrow('ENOENT');
});

test('keys are in no row', async () => {
  const data = mkdtempSync(join(tmpdir(), 'moongate-ledger-'));
  await using rig = await startRig({ config: (simulator) => ({ surfaces: platform(simulator), data, ledger: {} }) });
  await (await rig.chat('sim: say hi')).text();
  const rows = JSON.stringify(await entered(rig, 1));
  expect(rows).not.toContain(CN_KEY);
  expect(rows).not.toContain(AI_KEY);
  rmSync(data, { recursive: true });
});
