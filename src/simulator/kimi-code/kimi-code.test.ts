import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CODE_MODELS, startSimulator } from '../index.ts';
import { at, type Body } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator;
let now = Date.parse('2026-11-20T12:00:00Z');

beforeAll(async () => {
  simulator = await startSimulator({ now: () => now });
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const AGENT = 'kimi-code-cli/2.1.0';

function call(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const own = { authorization: 'Bearer sk-kimi-sim', 'user-agent': AGENT, 'content-type': 'application/json' };
  return fetch(`${simulator.url}${path}`, {
    headers: { ...own, ...headers },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
}

const chat = (content: string, more: Body = {}, headers?: Record<string, string>) =>
  call('/coding/v1/chat/completions', { model: 'k3', messages: [{ role: 'user', content }], ...more }, headers);
const ask = (content: unknown, more: Body = {}, headers?: Record<string, string>) =>
  call(
    '/coding/v1/messages',
    { model: 'k3', max_tokens: 1000, messages: [{ role: 'user', content }], ...more },
    headers,
  );

async function spoken(response: Promise<Response>): Promise<unknown[]> {
  const answer = await response;
  const body: unknown = await answer.json();
  return [answer.status, at(body, 'error', 'type'), at(body, 'error', 'message')];
}

const refusal = async (response: Promise<Response>): Promise<unknown[]> => (await spoken(response)).slice(0, 2);

describe('who is let in', () => {
  test.each([
    ['kimi-code-cli/2.1.0 (web)', 200],
    ['KimiCLI/1.49', 200],
    ['KimiCLI/1.5', 200],
    ['KimiCLI/1.3', 403],
    ['KimiCLI/0.77', 403],
    ['claude-code/2.0', 200],
    ['RooCode/3.1.0', 200],
    ['Kilo-Code/5', 200],
    ['opencode/1.18.33', 200],
    ['openclaw/2026.9', 200],
    ['Hermes/1', 200],
    ['moongate/0.1.0', 403],
    ['OpenAI/JS 6.1', 403],
    ['curl/8', 403],
  ])('%s: %i', async (agent, status) => {
    expect((await chat('hi', {}, { 'user-agent': agent })).status).toBe(status);
    expect((await call('/coding/v1/models', undefined, { 'user-agent': agent })).status).toBe(200);
    expect((await ask('hi', {}, { 'user-agent': agent })).status).toBe(200);
  });

  test('the name of Anthropic’s own SDK is told that the engine is busy', async () => {
    expect(await refusal(ask('hi', {}, { 'user-agent': 'Anthropic/JS 1.11.0' }))).toMatchObject([
      429,
      'engine_overloaded_error',
    ]);
  });

  test('two regions, two sets of keys', async () => {
    const other = { authorization: 'Bearer sk-kimi-sim-global' };
    expect(await refusal(chat('hi', {}, other))).toMatchObject([401, undefined]);
    expect((await call('/coding-global/v1/models', undefined, other)).status).toBe(200);
    expect((await ask('hi', {}, { authorization: '', 'x-api-key': 'sk-kimi-sim' })).status).toBe(200);
    expect((await call('/cn/v1/models')).status).toBe(401);
  });
});

describe('the Anthropic face', () => {
  test('a whole answer', async () => {
    const tools = [{ name: 'get_weather', input_schema: { type: 'object' } }];
    const body: unknown = await (
      await ask('sim: think Hm.\nsim: say Hi\nsim: tool get_weather {"a":1}', { tools })
    ).json();
    expect(body).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'k3',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 'get_weather:0', name: 'get_weather', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    });
  });

  test('a stream has the grammar', async () => {
    const response = await ask('sim: think Hm.\nsim: say Hi', { stream: true, system: [{ type: 'text', text: 'x' }] });
    const text = await response.text();
    expect([...text.matchAll(/^event: (\S+)/gm)].map(([, name]) => name)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test('the cache is shared with the chat face, and counted in Anthropic’s way', async () => {
    const long = `sim: say ok\n${'word '.repeat(2000)}`;
    await (await chat(long)).text();
    const usage = at(await (await ask(long, { output_config: { effort: 'max' } })).json(), 'usage');
    expect(Number(at(usage, 'cache_read_input_tokens'))).toBeGreaterThan(2000);
    expect(Number(at(usage, 'input_tokens'))).toBeLessThan(300);
  });

  test('a tool loop, with thinking kept', async () => {
    const use = { type: 'tool_use', id: 'f_1', name: 'fun', input: {} };
    const history = (thinking: unknown[]) => ({
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [...thinking, use] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'f_1', content: [{ type: 'text', text: 'done' }] }],
        },
      ],
    });
    const answered: unknown = await (await ask('', history([{ type: 'thinking', thinking: '' }]))).json();
    expect(at(answered, 'content', 1, 'text')).toBe('The tool answered: "done"');
    expect(await spoken(ask('', history([])))).toEqual([
      400,
      'invalid_request_error',
      'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1',
    ]);
  });

  test.each([
    [{ max_tokens: undefined }, 'max_tokens: Field required'],
    [{ thinking: { type: 'disabled' } }, 'invalid thinking: only type=enabled is allowed for this model'],
    [{ output_config: { effort: 'none' } }, 'output_config.effort value "none" is not supported'],
    [
      { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
      'tools.0: tool type "web_search_20250305" is not supported',
    ],
    [{ temperature: 0.3 }, 'invalid temperature: only 1 is allowed for this model'],
    [{ tool_choice: { type: 'x' } }, 'tool_choice.type: "x" is not supported'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 'messages.0.role: must be user or assistant'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://x/y.png' } }] }] },
      'Invalid request: unsupported image url: https://x/y.png',
    ],
  ])('refuses %j in Anthropic’s shape', async (more, message) => {
    const response = await ask('hi', more);
    expect(await response.json()).toEqual({ type: 'error', error: { type: 'invalid_request_error', message } });
  });

  test('prefill continues', async () => {
    const messages = [
      { role: 'user', content: 'sim: say One two' },
      { role: 'assistant', content: 'One' },
    ];
    expect(at(await (await ask('', { messages })).json(), 'content')).toEqual([{ type: 'text', text: ' two' }]);
  });

  test('accidents', async () => {
    const stream = async (script: string) => (await ask(script, { stream: true })).text();
    expect(await stream('sim: say x\nsim: no-done')).not.toContain('message_stop');
    expect(await stream('sim: say x\nsim: error-chunk overloaded_error busy')).toContain('event: error');
    expect(await stream('sim: say x\nsim: heartbeat')).toContain('event: ping');
    await expect(stream('sim: say x y z\nsim: cut 1')).rejects.toThrow('terminated');
  });

  test('the platform has one too', async () => {
    const key = { authorization: 'Bearer sk-sim-cn' };
    const body = { model: 'kimi-k3', max_tokens: 10, messages: [{ role: 'user', content: 'sim: say hi' }] };
    expect(at(await (await call('/cn/anthropic/v1/messages', body, key)).json(), 'content', 0, 'text')).toBe('hi');
    expect((await call('/cn/anthropic/v1/messages', body)).status).toBe(401);
    const named = { ...body, model: 'k3' };
    expect((await call('/cn/anthropic/v1/messages', named, key)).status).toBe(404);
  });
});

describe('the plan', () => {
  test('quotas run out and begin anew, and /usages shows it', async () => {
    const plan = simulator.subscription('sk-kimi-sim');
    plan.window.used = 100;
    const usages: unknown = await (await call('/coding/v1/usages')).json();
    expect(at(usages, 'limits', 0, 'detail')).toMatchObject({ used: '100', limit: '100', remaining: '0' });
    expect(await refusal(ask('hi'))).toMatchObject([429, undefined]);
    now = Date.parse(String(at(usages, 'limits', 0, 'detail', 'resetTime')));
    expect((await ask('hi')).status).toBe(200);
    plan.weekly.used = 100;
    expect(await refusal(chat('hi'))).toMatchObject([403, undefined]);
    plan.weekly.used = 0;
  });

  test('what else may stand against a request', async () => {
    const plan = simulator.subscription('sk-kimi-sim');
    plan.concurrency = 0;
    expect(await refusal(ask('hi'))).toMatchObject([403, 'permission_error']);
    plan.concurrency = 30;
    plan.isMonthSpent = true;
    expect(await refusal(ask('hi'))).toMatchObject([429, undefined]);
    plan.locked.add('k3');
    expect(await spoken(ask('hi'))).toEqual([403, undefined, 'Your current subscription does not have access to k3']);
    plan.isActive = false;
    expect(await refusal(ask('hi'))).toMatchObject([402, undefined]);
    plan.isTerminated = true;
    expect(await refusal(ask('hi'))).toMatchObject([403, 'access_terminated_error']);
    Object.assign(plan, { isMonthSpent: false, isActive: true, isTerminated: false });
    plan.locked.clear();
    expect((await ask('hi')).status).toBe(200);
  });

  test('models, size and effort', async () => {
    const list: unknown = await (await call('/coding/v1/models')).json();
    expect(at(list, 'data')).toHaveLength(CODE_MODELS.length);
    expect(await refusal(chat('hi', { model: 'kimi-k3' }))).toMatchObject([404, 'resource_not_found_error']);
    expect(await refusal(chat('x'.repeat(2_100_000)))).toMatchObject([400, 'invalid_request_error']);
    expect((await chat('hi', { thinking: { type: 'enabled', effort: 'xhigh', keep: 'all' } })).status).toBe(200);
    expect(await refusal(chat('hi', { reasoning_effort: 'off' }))).toMatchObject([400, 'invalid_request_error']);
    expect(await refusal(chat('hi', { model: 'kimi-for-coding-highspeed', reasoning_effort: 'low' }))).toMatchObject([
      429,
      'engine_overloaded_error',
    ]);
  });

  test('me, search, fetch', async () => {
    expect(await (await call('/coding/v1/me')).json()).toMatchObject({ region: 'cn' });
    const found: unknown = await (await call('/coding/v1/search', { text_query: 'kimi' })).json();
    expect(at(found, 'search_results', 0, 'title')).toBe('Result 1 for kimi');
    expect(await refusal(call('/coding/v1/search', { text_query: 'x', query: 'x' }))).toMatchObject([
      400,
      'invalid_request_error',
    ]);
    expect(await refusal(call('/coding/v1/search', { text_query: 'x', limit: 21 }))).toMatchObject([
      400,
      'invalid_request_error',
    ]);
    expect(await refusal(call('/coding/v1/search', {}))).toMatchObject([400, 'invalid_request_error']);
    expect(await (await call('/coding/v1/fetch', { url: 'https://example.com/a' })).text()).toContain('# example.com');
    expect(await refusal(call('/coding/v1/fetch', { url: 'http://127.0.0.1/' }))).toMatchObject([403, 'security_risk']);
    expect(await refusal(call('/coding/v1/fetch', { url: 'x' }))).toMatchObject([400, 'invalid_url']);
    expect(await refusal(call('/coding/v1/nothing'))).toMatchObject([404, 'resource_not_found_error']);
  });
});
