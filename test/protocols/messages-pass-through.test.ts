import { describe, expect, test } from 'vitest';
import { messagesEvents } from '../anthropic-schema.ts';
import type { Rig } from '../setup.ts';
import { until } from '../until.ts';
import { ANTHROPIC_HEADERS, messagesRig, postMessages } from './messages-rig.ts';

const user = (content: unknown) => ({ role: 'user', content });
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const WEATHER = { name: 'get_weather', description: 'The weather of a city', input_schema: SCHEMA };

interface Sent {
  readonly [member: string]: unknown;
}

/** The last request that a surface got. */
function sent(rig: Rig): { body: Sent; raw: string; path: string; headers: Readonly<Record<string, unknown>> } {
  const call = rig.simulator.calls.at(-1);
  return {
    body: (call?.body ?? {}) as Sent,
    raw: String(call?.rawBody),
    path: `${call?.path}`,
    headers: call?.headers ?? {},
  };
}

async function ask(rig: Rig, said: Parameters<typeof postMessages>[1], init?: RequestInit) {
  const response = await postMessages(rig, said, init);
  const text = await response.text();
  return { response, text, repairs: response.headers.get('x-moongate-repairs'), ...sent(rig) };
}

describe('a request in Anthropic’s shape on the Anthropic face', () => {
  test('goes up as the bytes that came, whatever it holds', async () => {
    await using rig = await messagesRig('kimi-code');
    const messages = [
      user([
        { type: 'text', text: 'sim: turn 2\nsim: think Hm.\nsim: say Done 你好', cache_control: { type: 'ephemeral' } },
      ]),
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'First.', signature: 'c2ln' },
          { type: 'text', text: 'One moment.' },
          { type: 'tool_use', id: 'get_weather:0', name: 'get_weather', input: { city: '北京' } },
        ],
      },
      user([
        {
          type: 'tool_result',
          tool_use_id: 'get_weather:0',
          is_error: false,
          content: [
            { type: 'text', text: 'sunny' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          ],
        },
        { type: 'text', text: 'Go on.' },
      ]),
      { role: 'system', content: 'A reminder.' },
    ];
    const request = {
      messages,
      system: [{ type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      tools: [{ ...WEATHER, cache_control: { type: 'ephemeral' }, eager_input_streaming: true }],
      tool_choice: { type: 'auto' },
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'xhigh' },
      metadata: { user_id: '{"session":"a"}' },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      stop_sequences: ['END'],
    };
    const { response, text, path, body, raw, headers, repairs } = await ask(rig, request);
    expect(JSON.parse(text)).toMatchObject({ content: [{ type: 'thinking' }, { type: 'text', text: 'Done 你好' }] });
    expect([response.headers.get('x-moongate-surface'), repairs, path]).toEqual([
      'kimi-code',
      null,
      '/coding/v1/messages',
    ]);
    expect(body).toEqual({ model: 'k3', max_tokens: 4_096, ...request });
    expect(raw).toContain(JSON.stringify(messages));
    expect(headers).toMatchObject({
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'context-management-2025-06-27',
      'user-agent': expect.stringMatching(/^moongate\//),
    });
    expect(headers).not.toHaveProperty('x-api-key');
  });

  test('goes under the model that serves it', async () => {
    await using rig = await messagesRig('kimi-code');
    const { response, body } = await ask(rig, { model: 'claude-sonnet-4-5', messages: [user('sim: say hi')] });
    expect(body['model']).toBe('kimi-for-coding');
    expect(response.headers.get('x-moongate-model')).toContain('asked="claude-sonnet-4-5"');
  });

  test.each([{ stream: false }, { stream: true }])(
    'thinking is signed for the client, stream $stream, and freed of it again',
    async ({ stream }) => {
      await using rig = await messagesRig('kimi-code');
      const { text } = await ask(rig, {
        stream,
        messages: [user('sim: think Hm.\nsim: say One.\nsim: tool get_weather {"city": "Rome"}')],
        tools: [WEATHER],
      });
      const signature = /"signature":"([^"]+)"/.exec(text)?.[1];
      expect(signature).toBeTruthy();
      const calls = /"id":"(get_weather[^"]*)"/.exec(text)?.[1];
      const history = [
        user('sim: turn 2\nsim: say Two.'),
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature },
            { type: 'tool_use', id: calls, name: 'get_weather', input: { city: 'Rome' } },
          ],
        },
        user([{ type: 'tool_result', tool_use_id: calls, content: 'sunny' }]),
      ];
      const second = await ask(rig, { messages: history, tools: [WEATHER] });
      expect([second.response.status, second.repairs]).toEqual([200, null]);
      expect(second.raw).not.toContain('signature');
      expect(second.body['messages']).toMatchObject([{}, { content: [{ type: 'thinking', thinking: 'Hm.' }, {}] }, {}]);
    },
  );

  test('what the face would refuse is repaired in sight', async () => {
    await using rig = await messagesRig('kimi-code');
    const { response, body, repairs } = await ask(rig, {
      max_tokens: 4_096,
      temperature: 0.2,
      top_p: 0.5,
      top_k: 5,
      service_tier: 'auto',
      thinking: { type: 'enabled', budget_tokens: 2_048 },
      output_format: {
        type: 'json_schema',
        schema: { type: 'object', properties: { a: { type: 'string', format: 'date' } } },
      },
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      tools: [
        { type: 'bash_20250124', name: 'bash' },
        {
          ...WEATHER,
          input_schema: { type: 'object', properties: { city: { oneOf: [{ type: 'string' }, { type: 'integer' }] } } },
        },
      ],
      messages: [user('sim: say hi')],
    });
    expect(response.status).toBe(200);
    expect(repairs?.split(', ')).toEqual([
      'server-tools',
      'tool-schema',
      'response-schema',
      'reasoning-effort',
      'sampling-fixed',
      'foreign-members',
    ]);
    expect(Object.keys(body).toSorted()).toEqual([
      'max_tokens',
      'messages',
      'model',
      'output_config',
      'thinking',
      'tool_choice',
      'tools',
    ]);
    expect(body).toMatchObject({
      thinking: { type: 'enabled' },
      output_config: { effort: 'low', format: { type: 'json_schema' } },
      tool_choice: { type: 'auto' },
      tools: [{ name: 'get_weather', input_schema: { properties: { city: { type: ['string', 'integer'] } } } }],
    });
  });

  test.each([
    { asked: { thinking: { type: 'adaptive' } }, effort: 'high' },
    { asked: { thinking: { type: 'enabled', budget_tokens: 10_000 } }, effort: 'high' },
    { asked: { thinking: { type: 'enabled', budget_tokens: 32_000 } }, effort: 'max' },
    { asked: { thinking: { type: 'disabled' } }, effort: 'low' },
    { asked: { output_config: { effort: 'medium' } }, effort: 'medium' },
    { asked: { max_tokens: 100 }, effort: 'low' },
    { asked: {}, effort: undefined },
  ])('thinking said as $asked goes up with effort $effort', async ({ asked, effort }) => {
    await using rig = await messagesRig('kimi-code');
    const { response, body } = await ask(rig, { ...asked, messages: [user('sim: say hi')] });
    expect(response.status).toBe(200);
    expect((body['output_config'] as Sent | undefined)?.['effort']).toBe(effort);
  });

  test('a model without efforts gets none', async () => {
    await using rig = await messagesRig('kimi-code');
    const { response, body } = await ask(rig, {
      model: 'kimi-for-coding-highspeed',
      output_config: { effort: 'high' },
      messages: [user('hi')],
    });
    expect([response.status, body]).toEqual([
      200,
      { model: 'kimi-for-coding-highspeed', max_tokens: 4_096, messages: [user('hi')] },
    ]);
  });

  test('a call without its thinking gets back what is remembered, else an empty thought', async () => {
    await using rig = await messagesRig('kimi-code');
    const history = (id: string) => ({
      tools: [WEATHER],
      messages: [
        user('sim: turn 2\nsim: say hi'),
        { role: 'assistant', content: [{ type: 'tool_use', id, name: 'get_weather', input: { city: 'Rome' } }] },
        user([{ type: 'tool_result', tool_use_id: id, content: 'x' }]),
      ],
    });
    const lost = await ask(rig, history('a'));
    expect([lost.response.status, lost.repairs]).toEqual([200, 'reasoning-restored']);
    expect(lost.body['messages']).toMatchObject([{}, { content: [{ type: 'thinking', thinking: '' }, {}] }, {}]);
    const forced = {
      tools: [WEATHER],
      tool_choice: { type: 'any' },
      messages: [user('sim: think Rome it is.\nsim: tool get_weather {"city": "Rome"}')],
    };
    const { content } = JSON.parse((await ask(rig, forced)).text) as { content: { id: string }[] };
    await ask(rig, history(content.at(-1)?.id ?? ''));
    expect(sent(rig).body['messages']).toMatchObject([
      {},
      { content: [{ type: 'thinking', thinking: 'Rome it is.' }, {}] },
      {},
    ]);
  });

  test.each([{ stream: false }, { stream: true }])(
    'a name that Kimi refuses is an alias up there only, stream $stream',
    async ({ stream }) => {
      await using rig = await messagesRig('kimi-code');
      const tools = [{ ...WEATHER, name: 'ls' }, WEATHER];
      const first = await ask(rig, { tools, messages: [user('hi')] });
      const alias = (first.body['tools'] as { name: string }[])[0]?.name ?? '';
      expect([first.repairs, alias]).toEqual(['tool-names', expect.stringMatching(/^ls_/)]);
      const { text, path, body } = await ask(rig, {
        tools,
        stream,
        messages: [
          user(`sim: turn 2\nsim: say x\nsim: tool ${alias} {"city": "Rome"}`),
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'x', signature: 'c2ln' },
              { type: 'tool_use', id: 'a', name: 'ls', input: {} },
            ],
          },
          user([{ type: 'tool_result', tool_use_id: 'a', content: 'x' }]),
        ],
      });
      expect([path, text.includes(`"name":"${alias}"`), text.includes('"name":"ls"')]).toEqual([
        '/coding/v1/messages',
        false,
        true,
      ]);
      expect(body['messages']).toMatchObject([{}, { content: [{}, { name: alias }] }, {}]);
    },
  );

  test('strict mode refuses instead of repairing', async () => {
    await using rig = await messagesRig('kimi-code');
    const { response, text } = await ask(
      rig,
      { temperature: 0.2, messages: [user('hi')] },
      { headers: { 'x-moongate-strict': '1' } },
    );
    expect([response.status, JSON.parse(text)]).toMatchObject([
      400,
      { error: { type: 'invalid_request_error', message: expect.stringContaining('temperature') } },
    ]);
  });

  test('usage and end reach the log', async () => {
    await using rig = await messagesRig('kimi-code');
    for (const stream of [false, true])
      await ask(rig, { stream, messages: [user('sim: think x\nsim: say hi\nsim: usage 700 30 512')] });
    const lines = () => rig.logs.join('').trim().split('\n');
    const told = () =>
      lines()
        .map((line) => JSON.parse(line) as Sent)
        .filter((line) => 'tokens_in' in line);
    await until(() => told().length === 2, 'the lines of the log');
    expect(told()).toMatchObject(
      [1, 2].map(() => ({
        tokens_in: 700,
        tokens_cached: 512,
        tokens_out: 30,
        finish_reason: 'stop',
        surface: 'kimi-code',
      })),
    );
  });
});

/** Each needs more than the face’s few repairs: an eye on the answer, or another history. */
const MENDED: readonly { readonly what: string; readonly asked: Record<string, unknown> }[] = [
  {
    what: 'a forced tool',
    asked: { messages: [user('hi')], tools: [WEATHER], tool_choice: { type: 'tool', name: 'get_weather' } },
  },
  { what: 'any tool', asked: { messages: [user('hi')], tools: [WEATHER], tool_choice: { type: 'any' } } },
  { what: 'six stops', asked: { messages: [user('sim: say a b c')], stop_sequences: ['1', '2', '3', '4', '5', 'c'] } },
  {
    what: 'an empty text',
    asked: {
      messages: [
        user([
          { type: 'text', text: ' ' },
          { type: 'text', text: 'sim: say hi' },
        ]),
      ],
    },
  },
  {
    what: 'an empty answer',
    asked: { messages: [user('a'), { role: 'assistant', content: [] }, user('sim: say hi')] },
  },
  {
    what: 'a thought alone',
    asked: {
      messages: [
        user('a'),
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: 's' }] },
        user('sim: say hi'),
      ],
    },
  },
  {
    what: 'blocks of Anthropic’s own',
    asked: {
      messages: [
        user([{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A text.' }, title: 'T' }]),
        {
          role: 'assistant',
          content: [
            { type: 'redacted_thinking', data: 'x' },
            { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'x' } },
            {
              type: 'web_search_tool_result',
              tool_use_id: 's1',
              content: [{ type: 'web_search_result', title: 'Found', url: 'https://x' }],
            },
            { type: 'text', text: 'So.' },
          ],
        },
        user('sim: say hi'),
      ],
    },
  },
  {
    what: 'a PDF',
    asked: {
      messages: [
        user([
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
          { type: 'text', text: 'sim: say hi' },
        ]),
      ],
    },
  },
  {
    what: 'a call without a result',
    asked: {
      tools: [WEATHER],
      messages: [
        user('sim: turn 2\nsim: say hi'),
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'x', signature: 's' },
            { type: 'tool_use', id: 'a', name: 'get_weather', input: {} },
          ],
        },
        user('Never mind.'),
      ],
    },
  },
  {
    what: 'one name for two tools',
    asked: { messages: [user('sim: say hi')], tools: [WEATHER, { ...WEATHER, description: 'Another one' }] },
  },
];

describe('what the face alone cannot do goes through the hub, onto the same face', () => {
  test.each(MENDED)('$what', async ({ asked }) => {
    await using rig = await messagesRig('kimi-code');
    for (const stream of [false, true]) {
      const { response, path } = await ask(rig, { ...asked, stream });
      expect([response.status, path]).toEqual([200, '/coding/v1/messages']);
    }
  });

  test('an alias of a tool is undone in the answer', async () => {
    await using rig = await messagesRig('kimi-code');
    const { text, raw } = await ask(rig, {
      messages: [user('Use x.')],
      tools: [{ ...WEATHER, name: 'x' }],
      tool_choice: { type: 'any' },
    });
    expect(raw).not.toContain('"name":"x"');
    expect(JSON.parse(text)).toMatchObject({ stop_reason: 'tool_use', content: [{}, { type: 'tool_use', name: 'x' }] });
  });

  test('a stop sequence that the gateway applied is named', async () => {
    await using rig = await messagesRig('kimi-code');
    const asked = { messages: [user('sim: say one two three')], stop_sequences: ['1', '2', '3', '4', '5', ' three'] };
    const whole = JSON.parse((await ask(rig, asked)).text) as Sent;
    expect(whole).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: ' three' });
    const events = messagesEvents((await ask(rig, { ...asked, stream: true })).text);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'stop_sequence', stop_sequence: ' three' } });
  });

  test('a refusal that a rule knows is answered once through the hub', async () => {
    await using rig = await messagesRig('kimi-code');
    const message = 'Invalid request: text content is empty';
    rig.simulator.fail({ fault: { status: 400, message, type: 'invalid_request_error' } });
    const { response } = await ask(rig, { messages: [user('sim: say hi')] });
    expect(response.status).toBe(400); // no rule finds anything to repair: the refusal stands
    expect(rig.simulator.calls.filter(({ path }) => path.endsWith('/messages'))).toHaveLength(1);
  });
});

const ONE_TRY = { retries: { attempts: 1 }, routes: { default: ['kimi-code'] } };

describe('failures', () => {
  test.each([
    { fault: 'auth', status: 401, type: 'authentication_error' },
    { fault: 'overload', status: 529, type: 'overloaded_error' },
    { fault: 'code-busy', status: 429, type: 'rate_limit_error' },
    { fault: 'code-concurrency', status: 429, type: 'rate_limit_error' },
    { fault: 'code-window', status: 429, type: 'rate_limit_error' },
    { fault: 'filter', status: 400, type: 'invalid_request_error' },
    { fault: 'server', status: 500, type: 'api_error' },
    { fault: 'html-504', status: 504, type: 'timeout_error' },
  ])('$fault is $status $type', async ({ fault, status, type }) => {
    for (const stream of [false, true]) {
      await using rig = await messagesRig('kimi-code', { settings: ONE_TRY });
      const { response, text } = await ask(rig, { stream, messages: [user(`sim: fault ${fault}`)] });
      expect([response.status, JSON.parse(text)]).toMatchObject([status, { type: 'error', error: { type } }]);
      expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    }
  });

  test('the next surface is asked through the hub', async () => {
    await using rig = await messagesRig('kimi-code', { platformModels: { k3: 'kimi-k3' } });
    const rest = { messages: [user('sim: say hi')], thinking: { type: 'adaptive' } };
    rig.simulator.fail({ fault: 'server', match: ({ path }) => path === '/coding/v1/messages', times: 9 });
    const { response, text, path } = await ask(rig, rest);
    expect([response.status, response.headers.get('x-moongate-surface'), path]).toEqual([
      200,
      'moonshot-cn',
      '/cn/v1/chat/completions',
    ]);
    expect(JSON.parse(text)).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'hi' }] });
  });

  test.each(['kimi-code', 'moonshot'] as const)(
    '%s: a stream that is cut behind any piece ends with an error event',
    async (way) => {
      await using rig = await messagesRig(way, {
        settings: { retries: { attempts: 1 }, routes: { default: [way === 'moonshot' ? 'moonshot-cn' : way] } },
      });
      const model = way === 'moonshot' ? 'kimi-k3' : 'k3';
      for (const how of ['cut', 'end-early', 'error-chunk server_error Broken.']) {
        for (let place = 1; place <= 8; place++) {
          const end = how.startsWith('error') ? how : `${how} ${place}`;
          const said = `sim: pause 2\nsim: think-n 3\nsim: say-n 3\nsim: tool get_weather {"city": "Rome"}\nsim: ${end}`;
          const { response, text } = await ask(rig, { model, stream: true, tools: [WEATHER], messages: [user(said)] });
          expect(response.status).toBe(200);
          expect(messagesEvents(text).at(-1)).toMatchObject({
            type: 'error',
            error: { type: 'api_error', message: expect.any(String) },
          });
        }
      }
    },
  );

  test('odd streams: cut at every byte, heartbeats, CR LF, a missing end', async () => {
    await using rig = await messagesRig('kimi-code', {
      settings: { retries: { attempts: 1 }, routes: { default: ['kimi-code'] } },
    });
    const texts = [];
    for (const odd of ['', 'sim: split 1', 'sim: split 7', 'sim: heartbeat', 'sim: crlf']) {
      const { text } = await ask(rig, { stream: true, messages: [user(`sim: think Hm.\nsim: say 你好 😀\n${odd}`)] });
      const events = messagesEvents(text).filter(({ type }) => type !== 'ping');
      texts.push(events.map((event) => (event['delta'] as Sent | undefined)?.['text'] ?? '').join(''));
    }
    expect(texts).toEqual(texts.map(() => '你好 😀'));
    for (const odd of ['no-done', 'bad-json']) {
      const { response, text } = await ask(rig, {
        stream: true,
        messages: [user(`sim: pause 2\nsim: say-n 5\nsim: ${odd}`)],
      });
      const last = response.status === 200 ? messagesEvents(text).at(-1) : JSON.parse(text);
      expect(last).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    }
  });
});

describe('the outer forms', () => {
  test.each([
    '/v1/messages',
    '/v1/messages?beta=true',
    '/anthropic/v1/messages',
    '/v1/v1/messages',
    '/messages',
    '/v1/messages/',
  ])('POST %s', async (path) => {
    await using rig = await messagesRig('kimi-code');
    const body = JSON.stringify({ model: 'k3', max_tokens: 4_096, messages: [user('sim: say hi')] });
    const headers = { ...ANTHROPIC_HEADERS, 'anthropic-beta': 'interleaved-thinking-2025-05-14,made-up-2030-01-01' };
    const response = await fetch(`${rig.url}${path}`, { method: 'POST', headers, body });
    expect([response.status, response.headers.get('request-id')]).toEqual([200, expect.stringMatching(/./)]);
    expect(await response.json()).toMatchObject({ type: 'message', content: [{ text: 'hi' }] });
    expect(sent(rig).headers).not.toHaveProperty('anthropic-beta');
  });

  test('what is not there is told in the client’s shape', async () => {
    await using rig = await messagesRig('kimi-code');
    for (const path of ['/v1/messages/batches', '/v1/nothing']) {
      const response = await rig.get(path, { method: 'POST', headers: ANTHROPIC_HEADERS, body: '{}' });
      expect([response.status, await response.json()]).toMatchObject([
        404,
        { type: 'error', error: { type: 'not_found_error' } },
      ]);
    }
  });

  test.each([
    { what: 'no cap', asked: { max_tokens: undefined, messages: [user('hi')] }, says: 'max_tokens' },
    { what: 'no message', asked: { messages: [] }, says: 'messages' },
    { what: 'a role of another', asked: { messages: [{ role: 'tool', content: 'x' }] }, says: 'messages' },
    { what: 'a block without a type', asked: { messages: [user([{ text: 'x' }])] }, says: 'messages' },
    { what: 'a thread', asked: { messages: [user('hi')], thread: { type: 'create' } }, says: 'thread' },
  ])('$what is refused by the gateway', async ({ asked, says }) => {
    await using rig = await messagesRig('kimi-code');
    const { response, text } = await ask(rig, asked);
    expect([response.status, JSON.parse(text)]).toMatchObject([
      400,
      { error: { type: 'invalid_request_error', message: expect.stringContaining(says) } },
    ]);
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });

  test('a stream that is silent is kept open by pings', async () => {
    await using rig = await messagesRig('kimi-code', { settings: { timeouts: { keep_alive_ms: 20 } } });
    const { text } = await ask(rig, { stream: true, messages: [user('sim: delay 100\nsim: pause 100\nsim: say-n 2')] });
    expect(text).toContain('event: ping\ndata: {"type":"ping"}\n\n');
    expect(messagesEvents(text).at(-1)).toMatchObject({ type: 'message_stop' });
  });
});
