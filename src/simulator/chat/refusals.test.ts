import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import { at, type Body, SimClient } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const USER = { role: 'user', content: 'hi' };
const OFF = { model: 'kimi-k2.6', thinking: { type: 'disabled' } };
const K26 = { model: 'kimi-k2.6' };
const K27 = { model: 'kimi-k2.7-code' };

function tool(name: string, parameters: unknown = { type: 'object', properties: {} }): Body {
  return { type: 'function', function: { name, parameters } };
}

function call(id: string, text = '{}', more: Body = { reasoning_content: '' }): Body {
  const target = { name: 'look_up', arguments: text };
  return { role: 'assistant', tool_calls: [{ id, type: 'function', function: target }], ...more };
}

const result = (id: string): Body => ({ role: 'tool', tool_call_id: id, content: 'found' });
const says = (message: Body): Body => ({ messages: [message] });
const schema = (name: unknown, value: unknown, more: Body = {}): Body => ({
  response_format: { type: 'json_schema', json_schema: { name, schema: value, ...more } },
});
const tools = (...list: unknown[]): Body => ({ tools: list });
const picture = (url: string): Body => says({ role: 'user', content: [{ type: 'image_url', image_url: { url } }] });

const BAD_NAME =
  'function name is invalid, must start with a letter and can contain letters, numbers, underscores, and dashes';
const NOT_MFJS = 'tools.function.parameters is not a valid moonshot flavored json schema, details: ';
const EMPTY = (role: string): string =>
  `Invalid request: the message at position 0 with role '${role}' must not be empty`;
const NO_RESULT =
  "an assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ";

/** A request, and the sentence of its 400. */
const REFUSED: readonly (readonly [what: string, body: Body, message: string])[] = [
  ['temperature', { temperature: 0.5 }, 'invalid temperature: only 1 is allowed for this model'],
  [
    'temperature without thinking',
    { ...OFF, temperature: 1 },
    'invalid temperature: only 0.6 is allowed for this model',
  ],
  ['top_p', { top_p: 1 }, 'invalid top_p: only 0.95 is allowed for this model'],
  ['n', { n: 2 }, 'invalid n: only 1 is allowed for this model'],
  ['presence', { presence_penalty: 1 }, 'invalid presence_penalty: only 0 is allowed for this model'],
  ['frequency', { frequency_penalty: -1 }, 'invalid frequency_penalty: only 0 is allowed for this model'],
  [
    'six stops',
    { stop: ['a', 'b', 'c', 'd', 'e', 'f'] },
    'stop array too long. Expected an array with maximum length 5, but got 6',
  ],
  ['long stop', { stop: 'x'.repeat(33) }, 'stop string too long. Expected a string with maximum length 32, but got 33'],
  ['cap', { ...K26, max_tokens: 262_144 }, 'Your request exceeded model token limit: 262144 (requested: 262152)'],
  ['cap of zero', { max_completion_tokens: 0 }, 'Invalid request: max_completion_tokens must be a positive integer'],
  [
    'thinking off',
    { ...K27, thinking: { type: 'disabled' } },
    'invalid thinking: only type=enabled is allowed for this model',
  ],
  ['thinking without type', { ...K26, thinking: {} }, 'Invalid request: thinking.type is required'],
  [
    'keep',
    { ...K26, thinking: { type: 'enabled', keep: 'some' } },
    'invalid thinking: only keep=all is allowed for this model',
  ],
  ['a member', { ...K26, thinking: { type: 'enabled', budget: 1 } }, 'invalid thinking: unknown member budget'],
  ['effort', { reasoning_effort: 'medium' }, 'reasoning_effort value "medium" is not supported'],
  ['developer', says({ role: 'developer', content: 'x' }), 'Invalid request: unsupported role ROLE_UNSPECIFIED'],
  ['no messages', { messages: [] }, 'Invalid request: messages must not be empty'],
  ['messages missing', { messages: undefined }, 'Invalid request: messages must be an array'],
  ['empty user', says({ role: 'user', content: '' }), EMPTY('user')],
  ['empty parts', says({ role: 'user', content: [] }), EMPTY('user')],
  ['thought only', says({ role: 'assistant', content: '', reasoning_content: 'x' }), EMPTY('assistant')],
  ['blank part', says({ role: 'user', content: [{ type: 'text', text: ' ' }] }), 'text content is empty'],
  [
    'blank with call',
    { messages: [USER, call('a:0', '{}', { content: '', reasoning_content: '' }), result('a:0')] },
    'text content is empty',
  ],
  ['audio', says({ role: 'user', content: [{ type: 'input_audio' }] }), 'invalid part type: input_audio'],
  ['thinking part', says({ role: 'assistant', content: [{ type: 'thinking' }] }), 'invalid part type: thinking'],
  [
    'public picture',
    picture('https://example.com/a.png'),
    'Invalid request: unsupported image url: https://example.com/a.png',
  ],
  ['drawing', picture('data:image/svg+xml;base64,AA=='), 'Invalid request: unsupported image format: image/svg+xml'],
  ['lost file', picture('ms://file_none'), 'Invalid request: file file_none not found'],
  ['half a pair', says({ role: 'user', content: 'a\ud83d' }), 'Invalid request: tokenization failed'],
  [
    'no reasoning',
    { messages: [USER, call('a:0', '{}', {}), result('a:0')] },
    'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1',
  ],
  ['no result', { messages: [USER, call('Read:158'), USER] }, `${NO_RESULT}Read:158`],
  ['unknown result', { messages: [USER, result('x:1')] }, 'tool_call_id x:1 is not found'],
  ['nameless result', { messages: [USER, { role: 'tool', content: 'x' }] }, 'tool_call_id  is not found'],
  [
    'same id',
    { messages: [USER, call('a:0'), result('a:0'), call('a:0'), result('a:0')] },
    'Invalid request: tool_call_id a:0 is duplicated',
  ],
  [
    'broken arguments',
    { messages: [USER, call('a:0', '{"x'), result('a:0')] },
    'Invalid request: function.arguments of tool call a:0 is not valid JSON',
  ],
  ['digit', tools(tool('21st_tool')), BAD_NAME],
  ['dot', tools(tool('a.bcd')), BAD_NAME],
  ['short', tools(tool('ls')), BAD_NAME],
  ['long', tools(tool('x'.repeat(65))), BAD_NAME],
  ['twice', tools(tool('look_up'), tool('look_up')), 'function name look_up is duplicated'],
  ['type', tools({ type: 'web_search' }), 'Invalid request: tool type "web_search" is not supported'],
  [
    '129 tools',
    tools(...Array.from({ length: 129 }, (_, index) => tool(`tool_${index}`))),
    'tools array too long. Expected an array with maximum length 128, but got 129',
  ],
  [
    'schema',
    tools(tool('look_up', { type: 'object', properties: { a: { oneOf: [] } } })),
    `${NOT_MFJS}<At path 'properties.a': unsupported keywords: oneOf>`,
  ],
  [
    'union at the root',
    tools(tool('look_up', { type: 'object', anyOf: [{ type: 'object' }] })),
    `${NOT_MFJS}<At path 'root': when using anyOf, type should be defined in anyOf items instead of the parent schema>`,
  ],
  [
    'no object',
    tools(tool('look_up', { type: 'string' })),
    'tools.function.parameters.type is required and must be "object"',
  ],
  [
    'required, k2',
    { ...K26, ...tools(tool('look_up')), tool_choice: 'required' },
    "tool_choice 'required' is incompatible with thinking enabled",
  ],
  [
    'named, k2',
    { ...K27, ...tools(tool('look_up')), tool_choice: { type: 'function', function: { name: 'look_up' } } },
    "tool_choice 'specified' is incompatible with thinking enabled",
  ],
  ['required alone', { tool_choice: 'required' }, "Invalid request: tool_choice 'required' needs at least one tool"],
  ['bogus choice', { tool_choice: 'any' }, 'Invalid request: invalid tool_choice "any"'],
  [
    'dynamic, user',
    says({ ...USER, tools: [tool('look_up')] }),
    'Invalid request: tools are only allowed in messages with role system',
  ],
  [
    'dynamic, content',
    says({ role: 'system', content: 'x', tools: [tool('look_up')] }),
    'Invalid request: a system message with tools must have empty content',
  ],
  [
    'dynamic, twice',
    { ...says({ role: 'system', content: '', tools: [tool('look_up')] }), ...tools(tool('look_up')) },
    'function name look_up is duplicated',
  ],
  [
    'dynamic, k2',
    { ...K26, ...says({ role: 'system', content: '', tools: [tool('look_up')] }) },
    'Invalid request: tools in messages are not supported by this model',
  ],
  ['format', { response_format: { type: 'xml' } }, 'Invalid request: invalid response_format type "xml"'],
  [
    'format alone',
    { response_format: { type: 'json_schema' } },
    'Invalid request: response_format.json_schema is required',
  ],
  ['format name', schema(undefined, {}), 'Invalid request: response_format.json_schema.name is required'],
  ['format schema', schema('x', undefined), 'Invalid request: response_format.json_schema.schema is required'],
  [
    'format strict',
    schema('x', {}, { strict: 1 }),
    'Invalid request: response_format.json_schema.strict must be a boolean',
  ],
  [
    'format dialect',
    schema('x', { type: 'object', properties: { a: {} } }),
    "response_format.json_schema.schema is not a valid moonshot flavored json schema, details: <At path 'properties.a': type is not defined>",
  ],
  [
    'partial',
    { messages: [{ role: 'assistant', content: 'x', partial: true }, USER] },
    'Invalid request: partial is only allowed on the last message with role assistant',
  ],
  ['no model', { model: undefined }, 'Invalid request: model is required'],
];

test.each(REFUSED)('refuses %s', async (_, body, message) => {
  const response = await new SimClient(simulator).chat('hi', body);
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: { message, type: 'invalid_request_error' } },
  ]);
});

/** What must pass, so that a strict simulator is not too strict. */
const ACCEPTED: readonly (readonly [what: string, body: Body])[] = [
  ['the fixed sampling', { temperature: 1, top_p: 0.95, n: 1, presence_penalty: 0, frequency_penalty: 0 }],
  ['0.6 without thinking', { ...OFF, temperature: 0.6 }],
  ['nulls', { temperature: null, stop: null, tools: null, tool_choice: null, thinking: null, response_format: null }],
  ['five stops', { stop: ['a', 'b', 'c', 'd', 'e'] }],
  ['thinking off on k3', { thinking: { type: 'disabled' } }],
  ['effort in thinking', { thinking: { effort: 'low', keep: 'all' } }],
  ['effort on k2.6', { ...K26, reasoning_effort: 'medium' }],
  ['keep null on k2.6', { ...K26, thinking: { type: 'enabled', keep: null } }],
  ['keep all on k2.7-code', { ...K27, thinking: { type: 'enabled', keep: 'all' } }],
  ['required on k3', { ...tools(tool('look_up')), tool_choice: 'required' }],
  ['required on k2.6 without thinking', { ...OFF, ...tools(tool('look_up')), tool_choice: 'required' }],
  ['none without tools', { tool_choice: 'none' }],
  ['a call with empty reasoning', { messages: [USER, call('a:0'), result('a:0')] }],
  ['a call without reasoning, thinking off', { ...OFF, messages: [USER, call('a:0', '{}', {}), result('a:0')] }],
  [
    'null content beside a call',
    { messages: [USER, call('a:0', '{}', { content: null, reasoning_content: '' }), result('a:0')] },
  ],
  ['a picture', picture('data:image/png;base64,iVBORw0KGgo=')],
  ['$schema at the root', tools(tool('look_up', { $schema: 'x', type: 'object', properties: {} }))],
  ['no parameters', tools({ type: 'function', function: { name: 'look_up' } })],
  ['a builtin function', tools({ type: 'builtin_function', function: { name: '$web_search' } })],
  ['dynamic tools', { messages: [USER, { role: 'system', content: '', tools: [tool('look_up')] }] }],
  ['members of OpenAI', { store: false, user: 'x', seed: 1, functions: [{ name: 'f' }], parallel_tool_calls: true }],
];

test.each(ACCEPTED)('accepts %s', async (_, body) => {
  const response = await new SimClient(simulator).chat('hi', body);
  expect([response.status, at(await response.json(), 'error')]).toEqual([200, undefined]);
});
