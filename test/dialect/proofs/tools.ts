import { expect } from 'vitest';
import { ask, callsIn, messageOf, type Proof, refused, served, servedWith, user, WEATHER } from './proof.ts';

const named = (name: string) => ({ ...WEATHER, function: { ...WEATHER.function, name } });
const calls = (name: string): Proof['with'] =>
  servedWith(({ body }) => expect(messageOf(body).tool_calls?.map((call) => call.function?.name)).toEqual([name]));
const argumentsOf = (seen: Parameters<Proof['with']>[0]) => messageOf(seen.body).tool_calls?.[0]?.function?.arguments;

/** Declarations, choices, and the calls that come back. */
export const TOOL_PROOFS: readonly Proof[] = [
  {
    rule: 'functions-to-tools',
    what: 'functions and function_call',
    request: ask('Use get_weather', { functions: [WEATHER.function], function_call: 'auto' }),
    without: servedWith(({ body }) => expect(messageOf(body).function_call).toBeUndefined()),
    with: servedWith(({ body }) => {
      expect(messageOf(body).function_call?.name).toBe('get_weather');
      expect(body.choices?.[0]?.finish_reason).toBe('function_call');
    }),
  },
  {
    rule: 'custom-tools',
    what: "a free-form tool of OpenAI's, and its call",
    request: ask('sim: tool patch {"input":"*** Begin"}', { tools: [{ type: 'custom', custom: { name: 'patch' } }] }),
    without: refused('tool type "custom" is not supported'),
    with: servedWith(({ body }) =>
      expect(messageOf(body).tool_calls).toMatchObject([{ custom: { name: 'patch', input: '*** Begin' } }]),
    ),
  },
  {
    rule: 'dynamic-tools',
    what: 'tools in a system message to kimi-k2.6',
    request: {
      model: 'kimi-k2.6',
      messages: [{ role: 'system', content: '', tools: [WEATHER] }, user('Use get_weather')],
    },
    without: refused('tools in messages are not supported by this model'),
    with: calls('get_weather'),
  },
  {
    rule: 'dynamic-tools',
    what: 'tools beside the content of a message to kimi-k3',
    request: {
      model: 'kimi-k3',
      messages: [{ role: 'system', content: 'Be brief.', tools: [WEATHER] }, user('Use get_weather')],
    },
    without: refused('a system message with tools must have empty content'),
    with: calls('get_weather'),
  },
  {
    rule: 'tool-choice-words',
    what: "Anthropic's form of a named choice",
    request: ask('hi', {
      tools: [WEATHER],
      thinking: { type: 'disabled' },
      tool_choice: { type: 'tool', name: 'get_weather' },
    }),
    without: refused('invalid tool_choice'),
    with: calls('get_weather'),
  },
  {
    rule: 'tool-choice',
    what: 'required while kimi-k2.6 thinks',
    request: ask('hi', { tools: [WEATHER], tool_choice: 'required' }),
    without: refused("tool_choice 'required' is incompatible with thinking enabled"),
    with: calls('get_weather'),
  },
  {
    rule: 'tool-choice',
    what: 'required of kimi-k2.7-code, which cannot stop thinking',
    request: ask('sim: say No.\nturn 2', { model: 'kimi-k2.7-code', tools: [WEATHER], tool_choice: 'required' }),
    without: refused("tool_choice 'required' is incompatible with thinking enabled"),
    with: servedWith(({ headers, sent }) => {
      expect(sent).toHaveLength(2);
      expect(headers.get('x-moongate-asked-again')).toMatch(/^tool-choice; calls=2/);
    }),
  },
  {
    rule: 'tool-choice',
    what: 'a named function of kimi-k3, which ignores the name',
    request: ask('hi', {
      model: 'kimi-k3',
      tools: [named('look_up'), WEATHER],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    }),
    without: servedWith(({ body }) => expect(messageOf(body).tool_calls).toBeUndefined()),
    with: calls('get_weather'),
  },
  {
    rule: 'tool-count',
    what: 'the same tool twice',
    request: ask('Use get_weather', { tools: [WEATHER, WEATHER] }),
    without: refused('function name get_weather is duplicated'),
    with: calls('get_weather'),
  },
  {
    rule: 'tool-names',
    what: 'a name with a digit first',
    request: ask('hi', { tools: [named('7zip.pack')], thinking: { type: 'disabled' }, tool_choice: 'required' }),
    without: refused('function name is invalid, must start with a letter'),
    with: calls('7zip.pack'),
  },
  {
    rule: 'tool-schema',
    what: 'oneOf, const and a $ref with siblings',
    request: ask('hi', {
      tools: [
        {
          type: 'function',
          function: {
            name: 'draw',
            parameters: {
              type: 'object',
              properties: {
                shape: { oneOf: [{ const: 'circle' }, { const: 'square' }] },
                at: { $ref: '#/definitions/point', description: 'Where' },
              },
              definitions: { point: { type: 'array', items: [{ type: 'number' }, { type: 'number' }] } },
            },
          },
        },
      ],
    }),
    without: refused('tools.function.parameters is not a valid moonshot flavored json schema, details: '),
    with: served,
  },
  {
    rule: 'leaked-tool-calls',
    what: 'section tokens in the text of a stream',
    request: ask('sim: leak-tool get_weather {"city":"Paris"}', { tools: [WEATHER], stream: true }),
    without: servedWith(({ chunks }) => expect(callsIn(chunks)).toEqual([])),
    with: servedWith(({ chunks }) => expect(callsIn(chunks)).toMatchObject([{ arguments: '{"city":"Paris"}' }])),
  },
  {
    rule: 'tool-call-pieces',
    what: 'id and name again in every piece',
    request: ask('sim: call-form repeated\nsim: tool get_weather {"city":"Paris"}', { tools: [WEATHER], stream: true }),
    without: servedWith(({ chunks }) => expect(callsIn(chunks)[0]?.name).toMatch(/^(get_weather){2,}$/)),
    with: servedWith(({ chunks }) => expect(callsIn(chunks)).toMatchObject([{ name: 'get_weather' }])),
  },
  {
    rule: 'tool-call-pieces',
    what: 'a call without a name',
    request: ask('sim: call-form nameless\nsim: tool get_weather {"city":"Paris"}', { tools: [WEATHER] }),
    without: servedWith(({ body }) => expect(messageOf(body).tool_calls).toHaveLength(2)),
    with: calls('get_weather'),
  },
  {
    rule: 'answer-arguments',
    what: 'single quotes and a comma too many',
    request: ask("sim: tool-raw get_weather {'city': 'Paris',}", { tools: [WEATHER] }),
    without: servedWith((seen) => expect(() => JSON.parse(argumentsOf(seen) ?? '')).toThrow(SyntaxError)),
    with: servedWith((seen) => expect(JSON.parse(argumentsOf(seen) ?? '')).toEqual({ city: 'Paris' })),
  },
  {
    rule: 'tool-validation',
    what: 'arguments that the tool does not declare',
    request: ask('sim: tool get_weather {"town":7}\nsim: turn 2\nsim: tool get_weather {"city":"Paris"}', {
      tools: [WEATHER],
    }),
    headers: { 'x-moongate-tool-validation': 'retry' },
    without: servedWith((seen) => expect(JSON.parse(argumentsOf(seen) ?? '')).toEqual({ town: 7 })),
    with: servedWith((seen) => {
      expect(JSON.parse(argumentsOf(seen) ?? '')).toEqual({ city: 'Paris' });
      expect(seen.headers.get('x-moongate-asked-again')).toBe('tool-validation; calls=2; met');
    }),
  },
];

/** What is put right in any answer. */
export const ANSWER_PROOFS: readonly Proof[] = [
  {
    rule: 'usage-per-choice',
    what: 'the usage inside the choice of the closing chunk',
    request: ask('hi', { stream: true, stream_options: { include_usage: true } }),
    without: servedWith(({ chunks }) => expect(chunks.some(({ choices }) => choices?.[0]?.usage)).toBe(true)),
    with: servedWith(({ chunks }) => {
      expect(chunks.some(({ choices }) => choices?.[0]?.usage)).toBe(false);
      expect(chunks.filter(({ usage }) => usage)).toHaveLength(1);
    }),
  },
  {
    rule: 'cached-tokens-place',
    what: 'cached tokens at the top of the usage only',
    request: ask('sim: bare-usage\nsim: usage 300 2 256'),
    without: servedWith(({ body }) => expect(body.usage?.prompt_tokens_details).toBeUndefined()),
    with: servedWith(({ body }) => expect(body.usage?.prompt_tokens_details).toEqual({ cached_tokens: 256 })),
  },
  {
    rule: 'empty-choices',
    what: 'heartbeats without a choice',
    request: ask('sim: heartbeat\nsim: say hi', { stream: true }),
    without: servedWith(({ chunks }) => expect(chunks.some(({ choices }) => choices?.length === 0)).toBe(true)),
    with: servedWith(({ chunks }) => expect(chunks.some(({ choices }) => choices?.length === 0)).toBe(false)),
  },
];
