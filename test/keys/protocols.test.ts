import { describe, expect, test } from 'vitest';
import { post, type Rig, type Settings, startRig } from '../setup.ts';
import { until } from '../until.ts';

const KEY = 'key-of-every-protocol-0123456789';
const OTHER = 'key-of-another-owner-0123456789';
/** kimi-k2.6 at moonshot-cn: 6.5 CNY for a million tokens of prompt, 27 of answer. */
const COST = 0.027_065;
const DEAR = 'sim: usage 10 1000\nsim: say hi';

const rig = (rules: Settings, more: Settings = {}) =>
  startRig({
    config: {
      keys: [
        { name: 'me', key: KEY, ...rules },
        { name: 'other', key: OTHER },
      ],
      ...more,
    },
    secrets: [KEY, OTHER],
  });

interface Ask {
  readonly protocol: string;
  ask(rig: Rig, said: string, more?: Settings, key?: string): Promise<Response>;
}

const asker =
  (path: string, body: (said: string) => Settings) =>
  ({ get }: Rig, said: string, more: Settings = {}, key = KEY) =>
    get(path, post({ model: 'kimi-k2.6', ...body(said), ...more }, { headers: { authorization: `Bearer ${key}` } }));

const messages = (said: string) => [{ role: 'user', content: said }];

const PROTOCOLS: readonly Ask[] = [
  { protocol: 'chat', ask: asker('/v1/chat/completions', (said) => ({ messages: messages(said), max_tokens: 1_000 })) },
  { protocol: 'Messages', ask: asker('/v1/messages', (said) => ({ messages: messages(said), max_tokens: 1_000 })) },
  { protocol: 'completions', ask: asker('/v1/completions', (said) => ({ prompt: said, max_tokens: 1_000 })) },
  { protocol: 'Responses', ask: asker('/v1/responses', (said) => ({ input: said, max_output_tokens: 1_000 })) },
  {
    protocol: 'Responses in a conversation',
    ask: asker('/v1/responses', (said) => ({ input: said, max_output_tokens: 1_000, conversation: 'conv_of_mine' })),
  },
  {
    protocol: 'Responses in the background',
    ask: asker('/v1/responses', (said) => ({ input: said, max_output_tokens: 1_000, background: true })),
  },
];

const statusOf = async (coming: Promise<Response>) => {
  const response = await coming;
  await response.text();
  return response.status;
};

describe.each(PROTOCOLS)('$protocol', ({ protocol, ask }) => {
  const isBackground = protocol.includes('background');
  /** A response in the background has its answer later than its reply. */
  const served = (gateway: Rig, calls: number) =>
    until(
      () =>
        gateway.simulator.calls.filter(({ path }) => path.endsWith('completions')).length >= calls &&
        settledPool(gateway),
      'the calls',
    );
  const settledPool = ({ gateway }: Rig) => gateway.runtime.pool.inFlight === 0;

  test('the models and surfaces of a key', async () => {
    await using it = await rig({ models: ['kimi-k2.6'], surfaces: ['moonshot-ai'] });
    expect(await statusOf(ask(it, 'hi', { model: 'kimi-k3' }))).toBe(403);
    expect(await statusOf(ask(it, 'sim: say hi'))).toBe(200);
    await served(it, 1);
    const { pathname } = new URL(it.simulator.aiBaseUrl);
    const asked = it.simulator.calls.filter(({ method }) => method === 'POST');
    expect(asked.map(({ path }) => path)).toEqual([`${pathname}/chat/completions`]);
  });

  test('requests in a minute', async () => {
    await using it = await rig({ rpm: 2 });
    const all: number[] = [];
    for (let count = 0; count < 4; count++) all.push(await statusOf(ask(it, 'sim: say hi')));
    expect(all).toEqual([200, 200, 429, 429]);
    await served(it, 2);
  });

  test('requests at once', async () => {
    await using it = await rig({ concurrency: 1 });
    const slow = ask(it, 'sim: delay 200\nsim: say hi');
    await until(() => it.simulator.calls.some(({ path }) => path.endsWith('completions')), 'the first');
    const refused = await ask(it, 'sim: say hi');
    expect([refused.status, refused.headers.get('x-moongate-error')]).toEqual([429, 'key_busy']);
    expect(await statusOf(slow)).toBe(200);
    await served(it, 1);
    expect(await until(async () => (await statusOf(ask(it, 'sim: say hi'))) === 200, 'its place')).toBe(true);
  });

  test('a budget', async () => {
    await using it = await rig({ budget: { currency: 'CNY', daily: 2.5 * COST } });
    for (let count = 1; count <= 2; count++) {
      expect(await statusOf(ask(it, DEAR))).toBe(200);
      await served(it, count);
    }
    // In the background it is counted a moment after its reply.
    const refused = isBackground
      ? await until(async () => {
          const response = await ask(it, DEAR);
          return response.headers.get('x-moongate-error') === 'budget_exhausted' ? response : undefined;
        }, 'the end of the budget')
      : await ask(it, DEAR);
    expect([refused.status, refused.headers.get('x-moongate-error')]).toEqual([429, 'budget_exhausted']);
    expect(it.simulator.calls.filter(({ path }) => path.endsWith('completions'))).toHaveLength(2);
  });

  test('its end', async () => {
    await using it = await rig({ expires: '2026-01-01' });
    expect(await statusOf(ask(it, 'sim: say hi'))).toBe(401);
  });
});

test('a response goes on under the rules of its key, all of its history counted, and for no other key', async () => {
  await using it = await rig({ tpm: 40_000 });
  const create = asker('/v1/responses', (said) => ({ input: said, max_output_tokens: 100 }));
  const long = await create(it, `${'abcdefghi '.repeat(4_000)}\nsim: say one`);
  const { id } = (await long.json()) as { id: string };
  expect(await statusOf(create(it, 'And?', { previous_response_id: id }, OTHER))).toBe(400);
  // Of another model: estimates learn from what answers report.
  expect(await statusOf(create(it, 'sim: usage 24000 1000', { model: 'kimi-k2.7-code' }))).toBe(200);
  expect(await statusOf(create(it, 'And?', { previous_response_id: id }))).toBe(429);
  expect(await statusOf(create(it, 'sim: say hi'))).toBe(200);
  const inConversation = asker('/v1/responses', (said) => ({ input: said, conversation: 'conv_shared' }));
  await statusOf(inConversation(it, 'sim: say hi', { max_output_tokens: 10 }));
  await statusOf(inConversation(it, 'sim: say his', {}, OTHER));
  expect(JSON.stringify(it.simulator.calls.at(-1)?.body)).not.toContain('say hi"');
});

describe('files and batches', () => {
  const upload = ({ get }: Rig, key = KEY) => {
    const form = new FormData();
    form.append('purpose', 'batch');
    form.append('file', new Blob(['{}']), 'in.jsonl');
    return get('/v1/files', { method: 'POST', body: form, headers: { authorization: `Bearer ${key}` } });
  };
  const list = async ({ get }: Rig, key = KEY) => {
    const response = await get('/v1/files', { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, ...((await response.json()) as { data?: { id: string }[] }) };
  };

  test('lie with the surfaces that the key may use, and nowhere else', async () => {
    await using it = await rig({ surfaces: ['moonshot-ai'] });
    const mine = await upload(it);
    expect([mine.status, mine.headers.get('x-moongate-surface')]).toEqual([200, 'moonshot-ai']);
    const { id } = (await mine.json()) as { id: string };
    const his = await upload(it, OTHER);
    expect(his.headers.get('x-moongate-surface')).toBe('moonshot-cn');
    const other = (await his.json()) as { id: string };
    expect((await list(it)).data?.map((file) => file.id)).toEqual([id]);
    const show = (file: string) => it.get(`/v1/files/${file}`, { headers: { authorization: `Bearer ${KEY}` } });
    expect([await statusOf(show(id)), await statusOf(show(other.id))]).toEqual([200, 404]);
  });

  test('need a surface that keeps them among those of the key', async () => {
    const code = {
      'kimi-code': { base_url: 'http://127.0.0.1:9/coding', credentials: [{ key: 'sk-kimi-nowhere-0123456789' }] },
    };
    await using it = await startRig({
      config: ({ cnBaseUrl }) => ({
        surfaces: {
          ...code,
          'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: 'sk-rig-cn-0f8e7d6c5b4a39281706' }] },
        },
        keys: [{ name: 'me', key: KEY, surfaces: ['kimi-code'] }],
      }),
      secrets: [KEY],
    });
    const refused = await upload(it);
    expect([refused.status, refused.headers.get('x-moongate-error')]).toEqual([400, 'no_files']);
  });

  test('count as requests where they are made; a batch that would run past the rules is refused', async () => {
    await using it = await rig({ rpm: 2 });
    const file = await upload(it);
    expect(file.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    const { id } = (await file.json()) as { id: string };
    const batch = (key = KEY) =>
      it.get(
        '/v1/batches',
        post(
          { input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' },
          { headers: { authorization: `Bearer ${key}` } },
        ),
      );
    expect(await statusOf(batch())).not.toBe(429);
    expect([await statusOf(batch()), await statusOf(upload(it))]).toEqual([429, 429]);
    expect((await list(it)).status).toBe(200);
  });

  test('are closed to a key that has expired', async () => {
    await using it = await rig({ expires: '2026-01-01' });
    expect([(await list(it)).status, await statusOf(upload(it))]).toEqual([401, 401]);
  });
});
