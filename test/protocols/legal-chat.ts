import { PNG, SAYS as S } from './legal-words.ts';

const u = (content: unknown) => ({ role: 'user', content });
const a = (calls: readonly unknown[], content: unknown = null) => ({ role: 'assistant', content, tool_calls: calls });
const F = { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
const T = { type: 'function', function: F };
const c = (id: string, said: unknown = '{"city":"x"}') => ({
  id,
  type: 'function',
  function: { name: F.name, arguments: said },
});
const r = (id: string, content: unknown = 'x') => ({ role: 'tool', tool_call_id: id, content });
const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'high' } };
const custom = { type: 'custom', custom: { name: 'patch', format: { type: 'text' } } };
const strict = {
  type: 'object',
  properties: {
    a: { type: ['string', 'null'] },
    b: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    c: { enum: ['x', null] },
  },
  required: ['a', 'b', 'c'],
  additionalProperties: false,
};
const fn = (more: object) => ({ type: 'function', function: more });
const answer = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'], additionalProperties: false };

/** The same for OpenAI's Chat Completions, with what clients of other hosts add to it. */
export const LEGAL_CHAT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  audioOut: { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' }, messages: [u(S)] },
  prediction: { prediction: { type: 'content', content: 'x' }, messages: [u(S)] },
  members: {
    ...{ logit_bias: { 1: 1 }, seed: 1, user: 'x', safety_identifier: 'x', verbosity: 'low', service_tier: 'auto' },
    ...{ store: true, metadata: { a: 'b' }, prompt_cache_key: 'x', prompt_cache_retention: '24h' },
    ...{ parallel_tool_calls: false, tools: [T], messages: [u(S)] },
  },
  customTool: { tools: [custom, T], messages: [u(S)] },
  customChoice: {
    tools: [custom],
    tool_choice: { type: 'custom', custom: { name: 'patch' } },
    messages: [u('sim: say x')],
  },
  customHistory: {
    tools: [custom],
    messages: [u(S), a([{ id: 'c1', type: 'custom', custom: { name: 'patch', input: 'abc' } }]), r('c1')],
  },
  customGone: { messages: [u(S), a([{ id: 'c1', type: 'custom', custom: { name: 'patch', input: 'abc' } }]), r('c1')] },
  allowed: {
    tools: [T],
    tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [fn({ name: F.name })] } },
    messages: [u(S)],
  },
  required: { tools: [T], tool_choice: 'required', messages: [u('sim: tool get_weather {"city":"x"}')] },
  parallel: { tools: [T], messages: [u(S), a([c('a'), c('b')]), r('b'), r('a')] },
  functions: {
    ...{ functions: [F], function_call: 'auto' },
    messages: [
      u(S),
      { role: 'assistant', content: null, function_call: { name: F.name, arguments: '{}' } },
      { role: 'function', name: F.name, content: 'x' },
    ],
  },
  functionsNone: { functions: [F], function_call: 'none', messages: [u(S)] },
  nulls: {
    ...{ temperature: null, top_p: null, max_tokens: null, stop: null, tools: null, tool_choice: null, n: null },
    ...{ stream_options: null, response_format: null, user: null, messages: [u(S)] },
  },
  stopText: { stop: 'END', messages: [u(S)] },
  stopMany: { stop: ['1', '2', '3', '4', '5', '6'], messages: [u(S)] },
  formatText: { response_format: { type: 'text' }, messages: [u(S)] },
  formatObject: { response_format: { type: 'json_object' }, messages: [u('sim: say {"a":1}')] },
  formatSchema: {
    response_format: { type: 'json_schema', json_schema: { name: 'a', strict: true, schema: answer } },
    messages: [u('sim: say {"a":1}')],
  },
  refusal: { messages: [u(S), { role: 'assistant', content: null, refusal: 'no' }, u('go')] },
  spoken: { messages: [u(S), { role: 'assistant', content: null, audio: { id: 'audio_1' } }, u('go')] },
  heard: {
    messages: [
      u([{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }]),
      { role: 'assistant', content: 'x' },
      u(S),
    ],
  },
  assistantParts: {
    messages: [
      u(S),
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'x' },
          { type: 'refusal', refusal: 'y' },
        ],
      },
      u('go'),
    ],
  },
  names: {
    messages: [
      { role: 'system', content: 'x', name: 'sys' },
      { ...u(S), name: 'ann' },
    ],
  },
  systemLast: { messages: [u(S), { role: 'system', content: 'late' }] },
  systemOnly: { messages: [{ role: 'system', content: S }] },
  emptyUser: { messages: [u(S), { role: 'assistant', content: 'x' }, u('')] },
  picture: { messages: [u([{ type: 'text', text: S }, picture])] },
  pictureOfTool: { tools: [T], messages: [u(S), a([c('a')], ''), r('a', [picture])] },
  assistantLast: { messages: [u('sim: say Well, Done.'), { role: 'assistant', content: 'Well,' }] },
  callLast: { tools: [T], messages: [u(S), a([c('a')], '')] },
  effort: { reasoning_effort: 'minimal', messages: [u(S)] },
  effortNone: { reasoning_effort: 'none', messages: [u(S)] },
  budget: { thinking: { type: 'enabled', budget_tokens: 1_000 }, messages: [u(S)] },
  openrouter: {
    ...{ reasoning: { effort: 'low', exclude: true }, provider: { order: ['x'] }, transforms: [], route: 'fallback' },
    ...{ usage: { include: true }, messages: [u(S)] },
  },
  vllm: {
    ...{ chat_template_kwargs: { thinking: true }, extra_body: { thinking: { type: 'enabled' } }, guided_json: {} },
    ...{ top_k: 5, min_p: 0.1, repetition_penalty: 1.1, messages: [u(S)] },
  },
  ollama: { options: { num_ctx: 1 }, keep_alive: '5m', format: 'json', messages: [u('sim: say {"json":1}')] },
  capTwice: { max_tokens: 5_000, max_completion_tokens: 6_000, messages: [u(S)] },
  capOfOne: { max_tokens: 1, messages: [u(S)] },
  sampling: { temperature: 2, presence_penalty: 2, frequency_penalty: -2, messages: [u(S)] },
  strictTool: { tools: [fn({ ...F, strict: true, parameters: strict })], messages: [u(S)] },
  noParameters: { tools: [fn({ name: 'get_time' }), fn({ name: 'get_date', parameters: {} })], messages: [u(S)] },
  twice: { tools: [T, T], messages: [u(S)] },
  longId: { tools: [T], messages: [u(S), a([c('x'.repeat(200))], ''), r('x'.repeat(200))] },
  namedResult: { tools: [T], messages: [u(S), a([c('a')], ''), { ...r('a'), name: F.name }] },
  noArguments: { tools: [T], messages: [u(S), a([c('a', '')], ''), r('a')] },
  objectArguments: { tools: [T], messages: [u(S), a([c('a', { city: 'x' })], ''), r('a')] },
  noType: { tools: [T], messages: [u(S), a([{ id: 'a', function: { name: F.name, arguments: '{}' } }], ''), r('a')] },
  noContent: {
    tools: [T],
    messages: [u(S), { role: 'assistant', tool_calls: [c('a')] }, { role: 'tool', tool_call_id: 'a' }],
  },
  choices: { n: 2, messages: [u(S)] },
  search: { web_search_options: { search_context_size: 'low' }, messages: [u(S)] },
};
