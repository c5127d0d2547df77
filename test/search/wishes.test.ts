import { describe, expect, test } from 'vitest';
import { completion, sendJson, startFakeSurface } from '../fake-surface.ts';
import { AI_KEY, CN_KEY, CN_KEY_2, platform, post, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { CODE_KEY, chatsOf, ONE_SEARCH, searchesOf, searchRig, TEXT, toolNames } from './search-rig.ts';

const said = (content: string, more: object = {}) => ({
  model: 'kimi-k3',
  messages: [{ role: 'user', content }],
  ...more,
});

interface Answer {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

const textOf = async (response: Response) => ((await response.json()) as Answer).choices[0]?.message.content;

describe('who asks for a search', () => {
  test.each<[string, object]>([
    ['web_search_options', { web_search_options: { user_location: { type: 'approximate' } } }],
    ['a tool of OpenAI’s', { tools: [{ type: 'web_search' }] }],
    ['the platform’s earlier function', { tools: [{ type: 'builtin_function', function: { name: '$web_search' } }] }],
    ['use_search', { use_search: true }],
    ['the suffix of a name', { model: 'kimi-k3-search' }],
    ['the suffix of an alias behind a provider', { model: 'moonshot/k3[1m]-search' }],
  ])('%s', async (_, more) => {
    await using rig = await searchRig('platform');
    expect(await textOf(await rig.chat(said(ONE_SEARCH, more)))).toBe(TEXT);
    expect(searchesOf(rig)).toHaveLength(1);
    const [first] = chatsOf(rig);
    expect(first && toolNames(first)).toEqual(['web_search']);
    expect(first?.['model']).toBe('kimi-k3');
  });

  test('the owner, for a model; and a request that says otherwise', async () => {
    await using rig = await searchRig('platform', { settings: { search: { models: ['kimi-k3'] } } });
    expect(await textOf(await rig.chat(said(ONE_SEARCH)))).toBe(TEXT);
    expect(searchesOf(rig)).toHaveLength(1);
    for (const more of [{ model: 'kimi-k3-nosearch' }, { use_search: false }, { model: 'kimi-k2.6' }]) {
      const answer = await rig.chat(said('sim: say Hi.', more));
      expect(await textOf(answer)).toBe('Hi.');
      expect(chatsOf(rig).at(-1)).not.toHaveProperty('tools');
    }
  });

  test('nobody: a plain request goes up as it came', async () => {
    await using rig = await searchRig('platform');
    const body = JSON.stringify(said('sim: say a web_search is a search'));
    await (await rig.chat('', { body })).text();
    expect(rig.simulator.calls.at(-1)?.rawBody).toBe(body);
    const own = {
      tools: [{ type: 'function', function: { name: 'web_search', parameters: { type: 'object', properties: {} } } }],
    };
    await (await rig.chat(said('sim: tool web_search {"query":"x"}', own))).text();
    expect(searchesOf(rig)).toEqual([]);
    expect(rig.simulator.calls.some(({ path }) => path.includes('formulas'))).toBe(false);
  });
});

describe('a surface that cannot search', () => {
  const compatible = (url: string, more: object = {}) => ({
    surfaces: {
      other: {
        type: 'compatible',
        base_url: url,
        models: { 'kimi-k3': 'kimi-k3' },
        credentials: [{ key: CN_KEY }],
        ...more,
      },
    },
    routes: { default: ['other'] },
  });

  test('refuses a demand, with advice; leaves an offer out, and says so', async () => {
    await using rig = await startRig({ config: ({ cnBaseUrl }) => compatible(cnBaseUrl) });
    for (const more of [{ web_search_options: {} }, { model: 'kimi-k3-search' }, { use_search: true }]) {
      const refused = await rig.chat(said('sim: say Hi.', more));
      expect([refused.status, await refused.text()]).toEqual([
        400,
        expect.stringMatching(/search_unavailable.*Kimi Code/),
      ]);
    }
    const offered = await rig.chat(said('sim: say Hi.', { tools: [{ type: 'web_search' }] }));
    expect(await textOf(offered)).toBe('Hi.');
    expect(offered.headers.get('x-moongate-notes')).toMatch(/other cannot search the web/);
    expect(chatsOf(rig).at(-1)).not.toHaveProperty('tools');
  });

  test('is passed over for one that can', async () => {
    await using rig = await startRig({
      config: (simulator) => {
        const { surfaces } = compatible(simulator.cnBaseUrl);
        return { surfaces: { ...surfaces, ...platform(simulator) }, routes: { default: ['other', 'moonshot-ai'] } };
      },
    });
    const response = await rig.chat(said(ONE_SEARCH, { web_search_options: {} }));
    expect([response.headers.get('x-moongate-surface'), await textOf(response)]).toEqual(['moonshot-ai', TEXT]);
  });

  test('is asked itself where its owner says that it searches', async () => {
    await using fake = await startFakeSurface((_, response) => sendJson(response, 200, completion('Found.')));
    await using rig = await startRig({ config: () => compatible(fake.baseUrl, { web_search: 'itself' }) });
    expect(await textOf(await rig.chat(said('Hi', { model: 'kimi-k3-search' })))).toBe('Found.');
    const body: unknown = JSON.parse(String(fake.calls.at(-1)?.body));
    expect(body).toMatchObject({ web_search_options: {}, model: 'kimi-k3' });
    const tool = {
      type: 'web_search_20250305',
      name: 'web_search',
      max_uses: 3,
      user_location: { type: 'approximate' },
    };
    const asked = { model: 'kimi-k3', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }], tools: [tool] };
    await (await rig.get('/v1/messages', post(asked, { headers: { 'anthropic-version': '2023-06-01' } }))).text();
    const translated = JSON.parse(String(fake.calls.at(-1)?.body)) as Record<string, unknown>;
    expect(translated['web_search_options']).toEqual({ user_location: { type: 'approximate' } });
    expect(translated).not.toHaveProperty('tools');
  });
});

describe('the pool', () => {
  test('each round is a call of its own, with the same credential, within the limits of its account', async () => {
    await using rig = await startRig({
      simulator: {
        accounts: [
          { keys: CN_KEY, host: 'cn', id: 'one', limits: { rpm: 4, concurrency: 1 } },
          { keys: CN_KEY_2, host: 'cn', id: 'two', limits: { rpm: 4, concurrency: 1 } },
          { keys: AI_KEY, host: 'ai' },
        ],
      },
      config: ({ cnBaseUrl }) => ({
        surfaces: {
          'moonshot-cn': {
            base_url: cnBaseUrl,
            credentials: [CN_KEY, CN_KEY_2].map((key) => ({ key, limits: { rpm: 4, concurrency: 1 } })),
          },
        },
      }),
    });
    // The output is encrypted for the organisation: another credential would be refused.
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => rig.chat(said(`${ONE_SEARCH}\n(${n})`, { use_search: true }))),
    );
    expect(await Promise.all(answers.map(textOf))).toEqual([TEXT, TEXT, TEXT, TEXT]);
    const chats = rig.simulator.calls.filter(({ path }) => path.endsWith('/completions'));
    expect(chats.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(rig.gateway.runtime.pool.view().flatMap(({ accounts }) => accounts.map(({ used }) => used.rpm))).toEqual([
      4, 4,
    ]);
  });

  test('a client that leaves between the rounds leaves nothing behind', async () => {
    await using rig = await searchRig('platform');
    const leaving = new AbortController();
    const script = `sim: say First.\nsim: tool web_search {"query":"x"}\nsim: turn 2\nsim: stall`;
    const response = await rig.chat(said(script, { stream: true, use_search: true }), { signal: leaving.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    await until(() => chatsOf(rig).length === 2, 'the second round');
    leaving.abort();
    await until(() => rig.gateway.runtime.pool.inFlight === 0, 'the credential');
  });

  test('a round that fails for good ends a stream with its error', async () => {
    await using rig = await searchRig('platform');
    const script = 'sim: say First.\nsim: tool web_search {"query":"x"}\nsim: turn 2\nsim: status 400 bad luck';
    const text = await (await rig.chat(said(script, { stream: true, use_search: true }))).text();
    expect(text).toContain('First.');
    expect(text).toMatch(/"error":\{"message":"bad luck/);
    expect(text).not.toContain('[DONE]');
    const whole = await rig.chat(said(script, { use_search: true }));
    expect([whole.status, await whole.text()]).toEqual([400, expect.stringContaining('bad luck')]);
  });
});

test('several choices search each for itself', async () => {
  await using rig = await searchRig('platform');
  const body = (await (await rig.chat(said(ONE_SEARCH, { n: 2, use_search: true }))).json()) as Answer & {
    usage: object;
  };
  expect(body.choices.map(({ message }) => message.content)).toEqual([TEXT, TEXT]);
  expect(body.usage).toMatchObject({ prompt_tokens: 600, server_tool_use: { web_search_requests: 2 } });
});

test('domains are kept to where the results can be chosen', async () => {
  await using rig = await searchRig('kimi-code');
  const ask = (filters: object) =>
    rig.get('/v1/responses', post({ model: 'k3', input: ONE_SEARCH, tools: [{ type: 'web_search', filters }] }));
  await (await ask({ allowed_domains: ['news.example'] })).text();
  const result = JSON.stringify(chatsOf(rig)[1]?.messages.at(-1));
  expect(result).toContain('A headline');
  expect(result).not.toContain('kimi.example');
});

test('a page is read by Kimi Code’s own endpoint, and one that it refuses is told', async () => {
  await using rig = await searchRig('kimi-code');
  const script = [
    'sim: tool web_fetch {"url":"https://kimi.example/k3"}',
    'sim: tool web_fetch {"url":"http://127.0.0.1/"}',
    'sim: turn 2',
    'sim: say Read.',
  ].join('\n');
  const response = await rig.chat({ ...said(script), model: 'k3-search' });
  expect(await textOf(response)).toBe('Read.');
  expect(response.headers.get('x-moongate-notes')).toMatch(/0 searches, 1 pages; a web search failed \(.*not allowed/);
  const results = JSON.stringify(chatsOf(rig)[1]?.messages.at(-1));
  expect(results).toContain('# Kimi K3');
  expect(results).toContain('the search failed');
  expect(rig.logs.join()).not.toContain(CODE_KEY);
});

test('an answer that is begun is only continued', async () => {
  await using rig = await searchRig('platform');
  const messages = [
    { role: 'user', content: 'sim: say more.' },
    { role: 'assistant', content: 'Once', partial: true },
  ];
  const response = await rig.chat({ model: 'kimi-k3', messages, web_search_options: {} });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-moongate-notes')).toMatch(/only continued/);
});
