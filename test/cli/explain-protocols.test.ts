import { describe, expect, test } from 'vitest';
import { recognised } from '../../src/cli/explain/client-protocol.ts';
import { explainRequest } from '../../src/cli/explain/explain-request.ts';
import { loadConfig } from '../../src/config/index.ts';
import { messagesRig, postMessages, type Way } from '../protocols/messages-rig.ts';
import { post, type Rig, type Settings, startRig } from '../setup.ts';

const user = (content: unknown) => ({ role: 'user', content });
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const MESSAGES_TOOL = { name: 'get_weather', description: 'The weather', input_schema: SCHEMA };

/** What the surface got, and what `explain` says that it gets. */
async function both(rig: Rig, path: string, request: Settings) {
  const response = path === '/v1/messages' ? await postMessages(rig, request) : await rig.get(path, post(request));
  await response.text();
  expect(response.status).toBe(200);
  const { path: asked, body } = rig.simulator.calls.at(-1) ?? {};
  const explained = await explainRequest(Buffer.from(JSON.stringify(request)), rig.gateway.runtime.config);
  const [place] = explained.places;
  expect(place?.address.replace(rig.simulator.url, '')).toBe(asked);
  expect(JSON.parse(explained.body.toString())).toEqual(body);
  const repairs = response.headers.get('x-moongate-repairs')?.split(', ') ?? [];
  expect(explained.repairs.map(({ rule }) => rule)).toEqual(repairs);
  return explained;
}

describe('explain says what would be sent', () => {
  const MESSAGES: readonly (readonly [string, Way, string | undefined, Settings])[] = [
    ['untranslated', 'kimi-code', undefined, { model: 'k3', thinking: { type: 'enabled', budget_tokens: 8_192 } }],
    ['untranslated, with tools', 'kimi-code', undefined, { model: 'claude-opus-4-5', tools: [MESSAGES_TOOL] }],
    [
      'through the hub onto the same face',
      'kimi-code',
      'stop sequences',
      { model: 'k3', stop_sequences: ['a', 'b', 'c', 'd', 'e', 'f'] },
    ],
    [
      'through the hub onto the OpenAI face',
      'moonshot',
      undefined,
      {
        model: 'kimi-k2.6',
        thinking: { type: 'enabled', budget_tokens: 8_192 },
        temperature: 0.3,
        tools: [MESSAGES_TOOL],
      },
    ],
  ];

  test.each(MESSAGES)('of a Messages request %s', async (way, surface, why, more) => {
    await using rig = await messagesRig(surface);
    const request = { max_tokens: 32_000, system: 'Be brief.', messages: [user('sim: say Hi')], ...more };
    const explained = await both(rig, '/v1/messages', request);
    expect(explained).toMatchObject({ protocol: 'anthropic', isRecognised: true });
    expect(explained.wording.isUntranslated).toBe(way.startsWith('untranslated'));
    expect(explained.wording.why).toBe(why);
  });

  test('of a chat request that goes over an Anthropic face', async () => {
    await using rig = await messagesRig('kimi-code');
    const request = {
      model: 'k3',
      messages: [
        { role: 'developer', content: 'Brief.' },
        { ...user('sim: say Hi'), name: 'ann' },
      ],
    };
    const explained = await both(rig, '/v1/chat/completions', request);
    expect(explained.protocol).toBe('chat');
    expect(explained.wording).toMatchObject({ path: '/coding/v1/messages', isUntranslated: false });
    expect(explained.wording.notes).toContain('names of speakers have no counterpart');
  });

  test.each(['kimi-code', 'moonshot'] as const)('of a Responses request on %s', async (surface) => {
    await using rig = await messagesRig(surface);
    const request = {
      model: surface === 'kimi-code' ? 'k3' : 'kimi-k2.6',
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'sim: turn 2\nsim: say Done' }] },
        { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
      ],
      tools: [
        { type: 'function', name: 'get_weather', parameters: SCHEMA },
        { type: 'custom', name: 'patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } },
        { type: 'image_generation' },
      ],
      include: ['reasoning.encrypted_content'],
      store: false,
    };
    const explained = await both(rig, '/v1/responses', request);
    expect(explained).toMatchObject({ protocol: 'responses', wording: { isUntranslated: false } });
    expect(explained.wording.notes.join()).toContain('image_generation');
  });

  test('of a text completion, once for each prompt and choice', async () => {
    await using rig = await startRig();
    const request = { model: 'kimi-k2.6', prompt: ['sim: say a', 'sim: say b'], n: 2 };
    const explained = await both(rig, '/v1/completions', { ...request, prompt: 'sim: say a', n: 1 });
    expect(explained.protocol).toBe('completions');
    const many = await explainRequest(Buffer.from(JSON.stringify(request)), rig.gateway.runtime.config);
    expect(many.calls).toBe(4);
  });
});

test('a document of a Messages request stands as its text, and a search goes through the hub', async () => {
  const { config } = loadConfig({ env: { MOONSHOT_API_KEY_CN: 'sk-somebody-123456' } });
  const pdf = {
    type: 'document',
    title: 'a.pdf',
    source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
  };
  const messages = [user([pdf, { type: 'text', text: 'What is it?' }])];
  const asked = (more: Settings) =>
    explainRequest(Buffer.from(JSON.stringify({ model: 'kimi-k3', max_tokens: 32_000, messages, ...more })), config);
  const document = await asked({});
  expect(document.wording).toMatchObject({ path: '/anthropic/v1/messages', isUntranslated: true });
  expect(document.body.toString()).toContain('(the text of a.pdf)');
  const search = await asked({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] });
  expect(search.wording).toMatchObject({ isUntranslated: false, why: 'a web search' });
  expect(search.search).not.toEqual([]);
});

test('what is only known to a running gateway is said to be missing', async () => {
  const { config } = loadConfig({ env: { MOONSHOT_API_KEY_CN: 'sk-somebody-123456' } });
  const request = {
    model: 'kimi-k2.6',
    previous_response_id: 'resp_1',
    input: [{ type: 'item_reference', id: 'msg_1' }, user('Hi')],
  };
  const { wording, body } = await explainRequest(Buffer.from(JSON.stringify(request)), config);
  expect(wording.notes).toEqual([
    'what previous_response_id stands for is not shown',
    '1 item references are not shown',
  ]);
  expect(JSON.parse(body.toString()).messages).toEqual([user([{ type: 'text', text: 'Hi' }])]);
});

describe('the protocol of a body is recognised', () => {
  const chat = { messages: [user('Hi')] };
  test.each<[string, Settings]>([
    ['chat', { ...chat, max_tokens: 5 }],
    ['chat', { ...chat, tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: { type: 'function' } }],
    ['chat', { messages: [user([{ type: 'image_url', image_url: { url: 'x' } }])] }],
    ['chat', { ...chat, thinking: { type: 'enabled' } }],
    ['chat', { ...chat, tools: [{ type: 'web_search' }] }],
    ['anthropic', { ...chat, system: 'Be brief.' }],
    ['anthropic', { ...chat, stop_sequences: ['x'] }],
    ['anthropic', { ...chat, tools: [MESSAGES_TOOL] }],
    ['anthropic', { ...chat, tools: [{ type: 'bash_20250124', name: 'bash' }] }],
    ['anthropic', { ...chat, tool_choice: { type: 'any' } }],
    ['anthropic', { messages: [user([{ type: 'tool_result', tool_use_id: 'a', content: 'x' }])] }],
    ['responses', { input: 'Hi' }],
    ['responses', { previous_response_id: 'resp_1' }],
    ['completions', { prompt: 'Hi' }],
    ['chat', {}],
  ])('%s: %j', (protocol, body) => {
    expect(recognised(Buffer.from(JSON.stringify(body)))).toBe(protocol);
  });

  test.each(['', '[]', 'null', '{"a"'])('%j is left to the chat, which says what is wrong', (body) => {
    expect(recognised(Buffer.from(body))).toBe('chat');
  });
});
