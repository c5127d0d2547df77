import { PNG, SAYS as S } from './legal-words.ts';

const u = (content: unknown) => ({ role: 'user', content });
const a = (content: unknown) => ({ role: 'assistant', content });

const tool = {
  name: 'get_weather',
  description: 'x',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
};
const use = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Rome' } };
const res = (content: unknown, more: object = {}) => ({
  type: 'tool_result',
  tool_use_id: 'toolu_1',
  ...(content === undefined ? {} : { content }),
  ...more,
});
const img = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } };

/**
 * Requests that Anthropic's documentation allows and that some client sends, each odd in one way: kinds of blocks, histories
 * that began elsewhere, members that Kimi does not have.
 */
export const LEGAL_MESSAGES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  redacted: { tools: [tool], messages: [u(S), a([{ type: 'redacted_thinking', data: 'xx' }, use]), u([res('sunny')])] },
  redactedOnly: {
    messages: [
      u(S),
      a([
        { type: 'redacted_thinking', data: 'xx' },
        { type: 'text', text: 'hm' },
      ]),
      u('go'),
    ],
  },
  redactedAlone: { messages: [u(S), a([{ type: 'redacted_thinking', data: 'xx' }]), u('go')] },
  serverTool: {
    messages: [
      u(S),
      a([
        { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } },
        {
          type: 'web_search_tool_result',
          tool_use_id: 'srvtoolu_1',
          content: [
            { type: 'web_search_result', url: 'https://a', title: 'T', encrypted_content: 'e', page_age: null },
          ],
        },
        { type: 'text', text: 'found' },
      ]),
      u('go'),
    ],
  },
  resEmpty: { tools: [tool], messages: [u(S), a([use]), u([res([])])] },
  resMissing: { tools: [tool], messages: [u(S), a([use]), u([res(undefined)])] },
  resImg: { tools: [tool], messages: [u(S), a([use]), u([res([img, { type: 'text', text: 'see' }])])] },
  resImgOnly: { tools: [tool], messages: [u(S), a([use]), u([res([img])])] },
  resError: { tools: [tool], messages: [u(S), a([use]), u([res('boom', { is_error: true })])] },
  resDoc: {
    tools: [tool],
    messages: [
      u(S),
      a([use]),
      u([res([{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi' } }])]),
    ],
  },
  resSearch: {
    tools: [tool],
    messages: [
      u(S),
      a([use]),
      u([res([{ type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'x' }] }])]),
    ],
  },
  resToolRef: { tools: [tool], messages: [u(S), a([use]), u([res([{ type: 'tool_reference', tool_name: 'x' }])])] },
  textBefore: { tools: [tool], messages: [u(S), a([use]), u([{ type: 'text', text: 'hm' }, res('x')])] },
  noTools: { messages: [u(S), a([use]), u([res('x')])] },
  none: { tools: [tool], tool_choice: { type: 'none' }, messages: [u(S)] },
  any: { tools: [tool], tool_choice: { type: 'any', disable_parallel_tool_use: true }, messages: [u('sim: say x')] },
  named: { tools: [tool], tool_choice: { type: 'tool', name: 'get_weather' }, messages: [u('sim: say x')] },
  prefill: { messages: [u('sim: say Well, Done.'), a('Well, ')] },
  prefillBlocks: { messages: [u('sim: say Well, Done.'), a([{ type: 'text', text: 'Well,' }])] },
  sysEmpty: { system: '', messages: [u(S)] },
  sysNone: { system: [], messages: [u(S)] },
  nulls: {
    system: null,
    tools: null,
    stop_sequences: null,
    metadata: null,
    temperature: null,
    thinking: null,
    tool_choice: null,
    messages: [u(S)],
  },
  empties: { tools: [], stop_sequences: [], metadata: {}, messages: [u(S)] },
  quota: { max_tokens: 1, messages: [u('quota')] },
  off: { thinking: { type: 'disabled' }, messages: [u(S)] },
  budget: { thinking: { type: 'enabled', budget_tokens: 1024 }, temperature: 1, messages: [u(S)] },
  foreign: {
    mcp_servers: [],
    container: 'x',
    service_tier: 'auto',
    inference_geo: 'us',
    speed: 'fast',
    messages: [u(S)],
  },
  custom: {
    tools: [
      { type: 'custom', ...tool, defer_loading: true, allowed_callers: ['direct'], input_examples: [{ city: 'x' }] },
    ],
    messages: [u(S)],
  },
  docs: {
    messages: [
      u([
        {
          type: 'document',
          source: { type: 'content', content: [{ type: 'text', text: 'inner' }] },
          title: 't',
          citations: { enabled: true },
        },
        { type: 'text', text: S },
      ]),
    ],
  },
  docUrl: {
    messages: [
      u([
        { type: 'document', source: { type: 'url', url: 'https://x.test/a.pdf' } },
        { type: 'text', text: S },
      ]),
    ],
  },
  upload: {
    messages: [
      u([
        { type: 'container_upload', file_id: 'f' },
        { type: 'text', text: S },
      ]),
    ],
  },
  longName: { tools: [{ ...tool, name: 'x'.repeat(100) }], messages: [u(S)] },
  emptyText: {
    messages: [
      u([
        { type: 'text', text: '' },
        { type: 'text', text: S },
      ]),
    ],
  },
  emptyMsg: { messages: [u(S), a(''), u('go')] },
  emptyAssistant: { messages: [u(S), a([]), u('go')] },
  twoAssist: { messages: [u(S), a('x'), a('y'), u('go')] },
  firstAssist: { messages: [a('hello'), u(S)] },
  sysMid: {
    messages: [
      u(S),
      { role: 'system', content: [{ type: 'text', text: 'r' }] },
      a('x'),
      { role: 'system', content: 'z' },
      u('go'),
    ],
  },
  imgUrlMs: { messages: [u([{ type: 'text', text: S }, img])] },
  serverTools: {
    tools: [
      tool,
      { type: 'bash_20250124', name: 'bash' },
      { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
      { type: 'computer_20250124', name: 'computer', display_width_px: 1, display_height_px: 1 },
      { type: 'code_execution_20250825', name: 'code_execution' },
      { type: 'mcp_toolset', mcp_server_name: 'x' },
      { type: 'memory_20250818', name: 'memory' },
    ],
    messages: [u(S)],
  },
  onlyServer: {
    tools: [{ type: 'bash_20250124', name: 'bash' }],
    tool_choice: { type: 'tool', name: 'bash' },
    messages: [u(S)],
  },
  anyServer: { tools: [{ type: 'bash_20250124', name: 'bash' }], tool_choice: { type: 'any' }, messages: [u(S)] },
  namedGone: {
    tools: [tool, { type: 'bash_20250124', name: 'bash' }],
    tool_choice: { type: 'tool', name: 'bash' },
    messages: [u('sim: say Done.')],
  },
  fmt: {
    output_config: {
      format: {
        type: 'json_schema',
        schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
      },
    },
    messages: [u('sim: say {"a":"b"}')],
  },
  fmtOld: {
    output_format: { type: 'json_schema', schema: { type: 'object', properties: { a: { type: 'string' } } } },
    messages: [u('sim: say {"a":"b"}')],
  },
  effortBad: { output_config: { effort: 'turbo' }, messages: [u(S)] },
  dupIds: { tools: [tool], messages: [u(S), a([use]), u([res('x')]), a([use]), u([res('y')])] },
  unanswered: { tools: [tool], messages: [u(S), a([use, { ...use, id: 'toolu_2' }]), u([res('x')])] },
  orphan: { tools: [tool], messages: [u(S), a('x'), u([res('x'), { type: 'text', text: 'go' }])] },
  strInput: { tools: [tool], messages: [u(S), a([{ ...use, input: '{"city":"x"}' }]), u([res('x')])] },
  threeUsers: { messages: [u(S), u('b'), u('c')] },
  thinkOnly: { messages: [u(S), a([{ type: 'thinking', thinking: 'x', signature: 's' }]), u('go')] },
  schemaRefs: {
    tools: [
      {
        ...tool,
        input_schema: {
          $defs: { p: { type: 'string' } },
          type: 'object',
          properties: { a: { $ref: '#/$defs/p' }, b: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
        },
      },
    ],
    messages: [u(S)],
  },
  topk: { top_k: 5, top_p: 0.5, temperature: 0.3, messages: [u(S)] },
};
