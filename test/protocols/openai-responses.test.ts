import { expect, test } from 'vitest';
import { chunk, event, startFakeSurface } from '../fake-surface.ts';
import { checkGrammar, responsesEvents, type WireEvent } from '../responses-schema.ts';
import { CN_KEY, type Door, describeMatrix, post, type Rig, startRig } from '../setup.ts';
import { CODEX_HEADERS, codexRequest, FOREIGN_HISTORY } from './codex-fixture.ts';

type Members = Readonly<Record<string, unknown>>;

async function stream(rig: Rig, body: Members): Promise<WireEvent[]> {
  const response = await rig.get('/v1/responses', post({ ...body, stream: true }, { headers: CODEX_HEADERS }));
  expect(response.status).toBe(200);
  return responsesEvents(await response.text());
}

function outputOf(events: readonly WireEvent[]): readonly (Members & { readonly type: string })[] {
  const response = events.at(-1)?.['response'] as { readonly output: readonly WireEvent[] } | undefined;
  return response?.output ?? [];
}

interface Sent {
  readonly messages: readonly Members[];
  readonly tools: readonly { readonly function: { readonly name: string; readonly description?: string } }[];
  readonly [member: string]: unknown;
}
const sent = (rig: Rig) => rig.simulator.calls.at(-1)?.body as unknown as Sent;

describeMatrix('Codex', (door) => {
  test('its request goes up as the vendor’s dialect, and what is not to be had is said', async () => {
    await using rig = await startRig({ door });
    const response = await rig.get('/v1/responses', post(codexRequest('sim: say Hi.'), { headers: CODEX_HEADERS }));
    checkGrammar(responsesEvents(await response.text()));
    const { messages, tools, ...rest } = sent(rig);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'system', 'user', 'user']);
    expect(tools.map((tool) => tool.function.name)).toEqual([
      'exec_command',
      'apply_patch',
      'mcp__docs__lookup',
      'mcp__docs__list',
      'local_shell',
      'tool_search',
      'web_search',
    ]);
    expect(tools[1]?.function.description).toMatch(
      /one string in the member `input`[\s\S]*Lark grammar:\nstart: begin_patch/,
    );
    expect(rest).toMatchObject({ prompt_cache_key: expect.any(String), stream: true });
    for (const member of ['store', 'include', 'client_metadata', 'reasoning', 'input'])
      expect(rest).not.toHaveProperty(member);
    expect(response.headers.get('x-moongate-notes')).toMatch(
      /image_generation.*client_metadata.*web search by moonshot/,
    );
  });

  test('every kind of call comes back as its own item, in the exact grammar', async () => {
    await using rig = await startRig({ door });
    const patch = '*** Begin Patch\n*** Add File: a "b".txt\n+你好\n*** End Patch';
    const calls: readonly (readonly [string, object])[] = [
      ['exec_command', { cmd: 'ls' }],
      ['apply_patch', { input: patch }],
      ['mcp__docs__lookup', { word: 'x' }],
      ['local_shell', { command: ['ls', '-l'], timeout_ms: 5 }],
      ['tool_search', { query: 'calendar' }],
    ];
    const script = calls.map(([name, said]) => `sim: tool ${name} ${JSON.stringify(said)}`).join('\n');
    const events = await stream(rig, codexRequest(`sim: think Hm.\nsim: say I go.\n${script}`));
    checkGrammar(events);
    expect(outputOf(events)).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'Hm.' }], encrypted_content: expect.stringMatching(/^moongate1\./) },
      { type: 'message', content: [{ text: 'I go.' }] },
      { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}' },
      { type: 'custom_tool_call', name: 'apply_patch', input: patch },
      { type: 'function_call', namespace: 'mcp__docs__', name: 'lookup', arguments: '{"word":"x"}' },
      { type: 'local_shell_call', action: { type: 'exec', command: ['ls', '-l'], timeout_ms: 5, env: {} } },
      { type: 'tool_search_call', execution: 'client', arguments: { query: 'calendar' } },
    ]);
    const pieces = events.filter(({ type }) => type === 'response.custom_tool_call_input.delta');
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.map((piece) => piece['delta']).join('')).toBe(patch);
    const done = events.filter(({ type }) => type === 'response.output_item.done').map((one) => one['item']);
    expect(done).toEqual(expect.arrayContaining([...outputOf(events)]));
  });

  test('its history goes back up: each call with its result, reasoning restored, found tools declared', async () => {
    await using rig = await startRig({ door });
    const script = [
      'exec_command {"cmd":"ls"}',
      'apply_patch {"input":"*** x"}',
      'local_shell {"command":["ls"]}',
      'tool_search {"query":"c"}',
    ];
    const prompt = `sim: think Hm.\nsim: say I go.\n${script.map((line) => `sim: tool ${line}`).join('\n')}\nsim: turn 2\nsim: say Done.`;
    const output = outputOf(await stream(rig, { ...codexRequest(prompt), model: 'kimi-k3' }));
    const idOf = (type: string) => output.find((item) => item.type === type)?.['call_id'];
    const found = {
      type: 'function',
      name: 'calendar',
      description: 'd',
      parameters: { type: 'object', properties: {} },
      defer_loading: true,
    };
    const history = [
      ...output.map((item) => (item.type === 'reasoning' ? { ...item, summary: [], id: undefined } : item)),
      { type: 'function_call_output', call_id: idOf('function_call'), output: [{ type: 'input_text', text: 'a.txt' }] },
      { type: 'custom_tool_call_output', call_id: idOf('custom_tool_call'), output: 'Success.' },
      { type: 'function_call_output', call_id: idOf('local_shell_call'), output: 'b.txt' },
      {
        type: 'tool_search_output',
        call_id: idOf('tool_search_call'),
        execution: 'client',
        status: 'completed',
        tools: [{ type: 'namespace', name: 'app', description: 'An app.', tools: [found] }],
      },
    ];
    const events = await stream(rig, { ...codexRequest(prompt, history), model: 'kimi-k3' });
    expect(outputOf(events)).toMatchObject([{ type: 'message', content: [{ text: 'Done.' }] }]);
    const { messages, tools } = sent(rig);
    expect(messages.find(({ role }) => role === 'assistant')).toMatchObject({
      content: 'I go.',
      reasoning_content: 'Hm.',
    });
    const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.stringify(content));
    expect(results).toEqual([
      expect.stringContaining('a.txt'),
      '"Success."',
      '"b.txt"',
      '"These tools can be called now: app__calendar."',
    ]);
    const calendar = tools.find((tool) => tool.function.name === 'app__calendar');
    expect(calendar?.function).toMatchObject({ description: 'An app.\n\nd' });
  });

  // Kimi Code CLI 2.1.0 asks for no reasoning and sends an empty item back, without ids on its items.
  test('thoughts that a client drops are put back', async () => {
    await using rig = await startRig({ door });
    const prompt = 'sim: think Hm.\nsim: say I go.\nsim: tool exec_command {"cmd":"ls"}\nsim: turn 2\nsim: say Done.';
    const body = { ...codexRequest(prompt), model: 'kimi-k3', include: [], reasoning: null };
    const output = outputOf(await stream(rig, body));
    const call = output.find(({ type }) => type === 'function_call');
    expect(call?.['call_id']).toMatch(/^[\w-]+$/);
    const history = [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: '' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I go.', annotations: [] }] },
      { type: 'function_call', call_id: call?.['call_id'], name: 'exec_command', arguments: call?.['arguments'] },
      { type: 'function_call_output', call_id: call?.['call_id'], output: [{ type: 'input_text', text: 'a.txt' }] },
    ];
    await stream(rig, { ...body, input: codexRequest(prompt, history)['input'] });
    const { messages } = sent(rig);
    expect(messages.at(-2)).toMatchObject({ reasoning_content: 'Hm.', tool_calls: [{ id: 'exec_command:0' }] });
    expect(messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'exec_command:0' });
  });

  test('a session that began with another model and other tools goes on', async () => {
    await using rig = await startRig({ door });
    const events = await stream(rig, codexRequest('hi', FOREIGN_HISTORY));
    expect(outputOf(events)).toMatchObject([{ type: 'message', content: [{ text: 'Still here.' }] }]);
    expect(JSON.stringify(sent(rig).messages)).not.toMatch(/Thinking|gAAAA|aGk=|ghost/);
    expect(JSON.stringify(sent(rig).messages)).toContain('I looked it up.');
  });
});

describeMatrix('Responses', (door) => {
  const ask = (rig: Rig, body: Members, init: RequestInit = {}) =>
    rig.get('/v1/responses', post({ model: 'kimi-k2.6', ...body }, init));
  const json = async (response: Response) => ({ status: response.status, body: (await response.json()) as Members });

  test.each<[string, Members, string]>([
    ['no input', {}, 'input'],
    ['input of the wrong kind', { input: 5 }, 'input'],
    ['items of the wrong kind', { input: ['x'] }, 'input'],
    ['a prompt template', { input: 'x', prompt: { id: 'p' } }, 'prompt'],
    ['two pasts', { input: 'x', previous_response_id: 'resp_1', conversation: 'c' }, 'conversation'],
    ['background that is not kept', { input: 'x', background: true, store: false }, 'background'],
    ['tools of the wrong kind', { input: 'x', tools: {} }, 'tools'],
    ['an item that is not kept', { input: [{ type: 'item_reference', id: 'msg_x' }] }, 'input'],
  ])('%s is refused by its name', async (name, body, param) => {
    await using rig = await startRig({ door });
    const { status, body: said } = await json(await ask(rig, body));
    expect(status).toBe(name === 'an item that is not kept' ? 404 : 400);
    expect(said).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  test('null counts as not said', async () => {
    await using rig = await startRig({ door });
    const nulls = {
      tools: null,
      reasoning: null,
      previous_response_id: null,
      conversation: null,
      text: null,
      store: null,
    };
    const { status, body } = await json(await ask(rig, { input: 'sim: say Hi.', ...nulls }));
    expect([status, body['store'], body['tool_choice']]).toEqual([200, true, 'auto']);
  });

  test('what a key has made nobody else sees', async () => {
    const config = {
      keys: [
        { name: 'me', key: 'key-me-0123456789' },
        { name: 'you', key: 'key-you-0123456789' },
      ],
    };
    await using rig = await startRig({ door, config });
    const as = (key: string) => ({ headers: { authorization: `Bearer key-${key}-0123456789` } });
    const { body } = await json(await ask(rig, { input: 'sim: say Hi.', conversation: { id: 'c' } }, as('me')));
    const path = `/v1/responses/${String(body['id'])}`;
    expect((await rig.get(path, as('me'))).status).toBe(200);
    for (const [suffix, method] of [
      ['', 'GET'],
      ['', 'DELETE'],
      ['/cancel', 'POST'],
      ['/input_items', 'GET'],
    ] as const) {
      const response = await rig.get(`${path}${suffix}`, { method, ...as('you') });
      expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
    }
    expect((await ask(rig, { input: 'x', previous_response_id: body['id'] }, as('you'))).status).toBe(400);
    const other = await json(await ask(rig, { input: 'sim: say Hi.', conversation: 'c' }, as('you')));
    expect([other.status, sent(rig).messages.length]).toEqual([200, 1]);
  });

  test('what is not kept cannot be continued, and instructions are not carried over', async () => {
    await using rig = await startRig({ door });
    const first = await json(await ask(rig, { input: 'sim: say One.', instructions: 'Be short.' }));
    const second = await json(
      await ask(rig, { input: 'sim: say Two.', previous_response_id: first.body['id'], store: false }),
    );
    expect(sent(rig).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    const third = await json(await ask(rig, { input: 'x', previous_response_id: second.body['id'] }));
    expect([third.status, third.body]).toMatchObject([400, { error: { code: 'previous_response_not_found' } }]);
  });

  test('a response that is no background one cannot be cancelled, nor streamed later', async () => {
    await using rig = await startRig({ door });
    const { body } = await json(await ask(rig, { input: 'sim: say One.' }));
    const path = `/v1/responses/${String(body['id'])}`;
    expect((await rig.get(`${path}/cancel`, { method: 'POST' })).status).toBe(400);
    expect((await rig.get(`${path}?stream=true`)).status).toBe(400);
  });

  test('background has its limit, and a failure ends as one', async () => {
    await using rig = await startRig({ door, config: { responses: { background: 1 } } });
    const body = { background: true, input: 'sim: say-n 3\nsim: stall 1' };
    const first = await json(await ask(rig, body));
    expect(await json(await ask(rig, body))).toMatchObject({
      status: 429,
      body: { error: { code: 'background_full' } },
    });
    expect(await json(await rig.get(`/v1/responses/${String(first.body['id'])}`, { method: 'DELETE' }))).toMatchObject({
      body: { deleted: true },
    });
    const failing = await ask(rig, { background: true, stream: true, input: 'sim: pause 5\nsim: say-n 3\nsim: cut 2' });
    const events = responsesEvents(await failing.text());
    expect(events.map(({ type }) => type).slice(0, 3)).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { error: { code: 'server_error' } } });
    const unknown = await json(await ask(rig, { background: true, input: 'x', model: 'nobody-knows' }));
    expect(unknown.status).toBe(404);
  });

  test('truncation auto leaves out the oldest turns, disabled lets the surface refuse', async () => {
    await using rig = await startRig({ door });
    const long = 'word '.repeat(180_000);
    const input = [
      { role: 'developer', content: 'Be short.' },
      { role: 'user', content: long },
      { role: 'assistant', content: 'Ja.' },
      { role: 'user', content: long },
      { role: 'assistant', content: 'Ja ja.' },
      { role: 'user', content: 'sim: say Hi.' },
    ];
    const shortened = await json(await ask(rig, { input, truncation: 'auto' }));
    expect(shortened.status).toBe(200);
    expect(sent(rig).messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  });

  test.each([
    [{ type: 'function', name: 'b' }, ['b'], 'required'],
    [
      {
        type: 'allowed_tools',
        mode: 'auto',
        tools: [
          { type: 'function', name: 'a' },
          { type: 'custom', name: 'c' },
        ],
      },
      ['a', 'c'],
      'auto',
    ],
    [{ type: 'custom', name: 'c' }, ['c'], 'required'],
    [{ type: 'web_search_preview' }, ['a', 'b', 'c'], undefined],
  ])('tool_choice %j', async (tool_choice, names, choice) => {
    await using rig = await startRig({ door });
    const tools = [
      { type: 'function', name: 'a' },
      { type: 'function', function: { name: 'b' } },
      { type: 'custom', name: 'c' },
    ];
    const { status } = await json(
      await ask(rig, {
        model: 'kimi-k3',
        input: 'sim: say Hi.',
        tools: tools.map(longNamed),
        tool_choice: nameIn(tool_choice),
      }),
    );
    expect(status).toBe(200);
    expect(sent(rig).tools.map((tool) => tool.function.name)).toEqual(names.map((name) => `tool_${name}`));
    expect(sent(rig)['tool_choice']).toBe(choice);
  });
});

/** The vendor wants names of three characters and more. */
function longNamed(value: Members): Members {
  const inner = value['function'] as Members | undefined;
  return { ...value, ...(inner ? { function: longNamed(inner) } : { name: `tool_${String(value['name'])}` }) };
}

function nameIn(choice: Members): Members {
  const tools = choice['tools'] as readonly Members[] | undefined;
  return {
    ...choice,
    ...('name' in choice ? longNamed(choice) : {}),
    ...(tools ? { tools: tools.map(longNamed) } : {}),
  };
}

const CALL = { index: 0, id: 'f:0', type: 'function', function: { name: 'f', arguments: '' } };
const CHUNKS = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'Hm' }),
  chunk({ reasoning_content: ' hm' }),
  chunk({ content: 'Let ' }),
  chunk({ content: 'me.' }),
  chunk({ tool_calls: [CALL] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
];

/** A gateway before a surface that sends so many chunks and hangs up. */
async function startCutting(door: Door) {
  let left = 0;
  const fake = await startFakeSurface((_call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    response.write(CHUNKS.slice(0, left).map(event).join(''), () => setTimeout(() => response.destroy(), 10));
  });
  const surfaces = { 'moonshot-cn': { base_url: fake.baseUrl, credentials: [{ key: CN_KEY }] } };
  const rig = await startRig({ door, config: { surfaces, retries: { attempts: 1 } } });
  return {
    rig,
    cutAfter: (count: number) => {
      left = count;
    },
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      await fake[Symbol.asyncDispose]();
    },
  };
}

describeMatrix('a stream that is cut', (door) => {
  test('at every chunk ends with response.failed, and with an error before the first', async () => {
    await using cutting = await startCutting(door);
    const { rig } = cutting;
    for (let count = 0; count <= CHUNKS.length; count++) {
      cutting.cutAfter(count);
      const response = await rig.get('/v1/responses', post({ model: 'kimi-k2.6', input: 'hi', stream: true }));
      if (count === 0) {
        expect([response.status, await response.json()]).toMatchObject([502, { error: { code: 'stream_cut' } }]);
        continue;
      }
      const events = responsesEvents(await response.text());
      checkGrammar(events);
      expect(events.at(-1)).toMatchObject({
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'server_error', message: expect.stringContaining('stopped') } },
      });
    }
  });
});
