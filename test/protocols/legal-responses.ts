import { PNG, SAYS as S } from './legal-words.ts';

const FN = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};
const m = (role: string, text: string) => ({
  type: 'message',
  role,
  content: [{ type: role === 'assistant' ? 'output_text' : 'input_text', text }],
});
const fc = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"x"}' };
const fo = (output: unknown) => ({ type: 'function_call_output', call_id: 'call_1', output });

/** The same for OpenAI's Responses: items of every type, tools that only OpenAI has, choices that name what is left out. */
export const LEGAL_RESPONSES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  hosted: {
    tools: [
      { type: 'mcp', server_label: 'x', server_url: 'https://x' },
      { type: 'file_search', vector_store_ids: ['v'] },
      { type: 'code_interpreter', container: { type: 'auto' } },
      { type: 'computer_use_preview', display_width: 1, display_height: 1, environment: 'linux' },
      { type: 'image_generation' },
    ],
    input: S,
  },
  hostedChoice: {
    tools: [{ type: 'file_search', vector_store_ids: ['v'] }],
    tool_choice: { type: 'file_search' },
    input: S,
  },
  hostedRequired: { tools: [{ type: 'file_search', vector_store_ids: ['v'] }], tool_choice: 'required', input: S },
  requiredNoTools: { tool_choice: 'required', input: S },
  autoNoTools: { tool_choice: 'auto', tools: [], parallel_tool_calls: true, input: S },
  allowedGone: {
    tools: [FN, { type: 'file_search', vector_store_ids: ['v'] }],
    tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'file_search' }] },
    input: 'sim: say Done.',
  },
  history: {
    tools: [FN],
    input: [
      m('user', S),
      { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'x', tools: [] },
      { type: 'mcp_call', id: 'mcp_1', server_label: 'x', name: 'n', arguments: '{}', output: 'o' },
      { type: 'mcp_approval_request', id: 'mcpr_1', name: 'n', arguments: '{}', server_label: 'x' },
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
      { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'xx' },
      { type: 'code_interpreter_call', id: 'ci_1', code: 'x', container_id: 'c', outputs: [], status: 'completed' },
      {
        type: 'computer_call',
        id: 'cu_1',
        call_id: 'c1',
        action: { type: 'screenshot' },
        pending_safety_checks: [],
        status: 'completed',
      },
      {
        type: 'computer_call_output',
        call_id: 'c1',
        output: { type: 'computer_screenshot', image_url: 'data:image/png;base64,xx' },
      },
      { type: 'file_search_call', id: 'fs_1', queries: [], status: 'completed' },
      { type: 'compaction', id: 'cmp', encrypted_content: 'x' },
      { type: 'ghost_snapshot', ghost_commit: {} },
      m('assistant', 'done'),
      m('user', 'go'),
    ],
  },
  outArray: {
    tools: [FN],
    input: [
      m('user', S),
      fc,
      fo([
        { type: 'input_text', text: 'x' },
        { type: 'input_image', image_url: `data:image/png;base64,${PNG}` },
      ]),
    ],
  },
  outImageOnly: {
    tools: [FN],
    input: [m('user', S), fc, fo([{ type: 'input_image', image_url: `data:image/png;base64,${PNG}` }])],
  },
  outEmpty: { tools: [FN], input: [m('user', S), fc, fo('')] },
  outObject: { tools: [FN], input: [m('user', S), fc, fo({ content: 'x', success: true })] },
  noOutput: { tools: [FN], input: [m('user', S), fc, m('user', 'go')] },
  orphanOut: { tools: [FN], input: [m('user', S), fo('x'), m('user', 'go')] },
  lateOut: { tools: [FN], input: [m('user', S), fc, m('user', 'meanwhile'), fo('x')] },
  reasonForeign: {
    tools: [FN],
    input: [
      m('user', S),
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 's' }],
        encrypted_content: 'gAAAA',
        content: null,
      },
      fc,
      fo('x'),
    ],
  },
  reasonEmpty: {
    tools: [FN],
    input: [
      m('user', S),
      { type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: null },
      fc,
      fo('x'),
    ],
  },
  strings: {
    input: [
      { role: 'system', content: 'Be brief' },
      { role: 'developer', content: 'x' },
      { role: 'user', content: S },
      { role: 'assistant', content: 'x' },
      { role: 'user', content: 'go' },
    ],
  },
  fmt: {
    text: {
      format: { type: 'json_schema', name: 'x', schema: { type: 'object', properties: { a: { type: 'string' } } } },
    },
    input: 'sim: say {"a":"b"}',
  },
  jsonObj: { text: { format: { type: 'json_object' } }, input: 'JSON\nsim: say {"a":"b"}' },
  small: { max_output_tokens: 16, input: S },
  nulls: {
    instructions: null,
    tools: null,
    metadata: null,
    reasoning: null,
    text: null,
    temperature: null,
    tool_choice: null,
    include: null,
    max_output_tokens: null,
    truncation: null,
    user: null,
    input: S,
  },
  tier: { service_tier: 'priority', top_logprobs: 0, safety_identifier: 'x', prompt_cache_retention: '24h', input: S },
  effortNone: { reasoning: { effort: 'none' }, input: S },
  effortMin: { reasoning: { effort: 'minimal', summary: 'detailed' }, text: { verbosity: 'low' }, input: S },
  effortX: { reasoning: { effort: 'xhigh' }, input: S },
  instrOnly: { instructions: S, input: [] },
  instrEmpty: { instructions: S, input: '' },
  customTool: {
    tools: [{ type: 'custom', name: 'apply_patch', format: { type: 'text' } }],
    input: [
      m('user', S),
      { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: '*** Begin\n"x"' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'ok' },
    ],
  },
  customGone: {
    input: [
      m('user', S),
      { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: 'x' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'ok' },
    ],
  },
  localShell: {
    tools: [{ type: 'local_shell' }],
    input: [
      m('user', S),
      {
        type: 'local_shell_call',
        id: 'lsh',
        call_id: 'c',
        action: { type: 'exec', command: ['ls'], env: {} },
        status: 'completed',
      },
      { type: 'local_shell_call_output', call_id: 'c', output: 'ok' },
    ],
  },
  toolSearch: {
    tools: [
      { type: 'tool_search', execution: 'client', description: 'd', parameters: { type: 'object', properties: {} } },
    ],
    input: [
      m('user', S),
      { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'x' } },
      { type: 'tool_search_output', call_id: 'c', execution: 'client', tools: [FN] },
    ],
  },
  strictSchema: {
    tools: [
      {
        ...FN,
        strict: true,
        parameters: {
          type: 'object',
          properties: { a: { type: ['string', 'null'] } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    ],
    input: S,
  },
  fnNoParams: { tools: [{ type: 'function', name: 'get_time', parameters: null }], input: S },
  chatTool: { tools: [{ type: 'function', function: { name: 'get_time', parameters: {} } }], input: S },
  phase: { input: [m('user', S), { ...m('assistant', 'x'), phase: 'commentary' }, m('user', 'go')] },
  refusal: {
    input: [
      m('user', S),
      { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
      m('user', 'go'),
    ],
  },
  fileUrl: {
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_file', file_url: 'https://x.test/a.pdf' },
          { type: 'input_text', text: S },
        ],
      },
      m('assistant', 'x'),
      m('user', 'go'),
    ],
  },
  txtFile: {
    input: [
      {
        role: 'user',
        content: [
          {
            type: 'input_file',
            filename: 'a.txt',
            file_data: `data:text/plain;base64,${Buffer.from('hi').toString('base64')}`,
          },
          { type: 'input_text', text: S },
        ],
      },
    ],
  },
  audio: {
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_audio', input_audio: { data: 'x', format: 'wav' } },
          { type: 'input_text', text: S },
        ],
      },
      m('assistant', 'x'),
      m('user', 'go'),
    ],
  },
  convo: { conversation: 'mine', input: S },
  search: { tools: [{ type: 'web_search' }], tool_choice: { type: 'web_search' }, input: S },
};
