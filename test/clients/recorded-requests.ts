/**
 * What real programs were recorded to send in November 2026, by their members; the words are ours. Each row is a request
 * that its program needs answered, in the state in which it is hardest to serve: with a history of calls where it has one.
 */
export interface Recorded {
  readonly client: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The answer to the last message, whatever was said before. */
export const SAYS = 'sim: turn *\nsim: think Hm.\nsim: say Done.';

const SCHEMA = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
/** The official CLI sends the dialect of its schemas along. */
const WITH_DIALECT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...SCHEMA,
  additionalProperties: false,
};

const tool = (name: string, more: object = {}) => ({
  type: 'function',
  function: { name, description: 'Reads a file.', parameters: SCHEMA, ...more },
});
const call = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: '{"path":"a"}' } });
const result = (id: string, content: unknown = 'text') => ({ role: 'tool', tool_call_id: id, content });
const user = (content: unknown = SAYS) => ({ role: 'user', content });
const parts = (text: string, more: object = {}) => [{ type: 'text', text, ...more }];
const system = { role: 'system', content: 'Be brief.' };
const CACHED = { cache_control: { type: 'ephemeral' } };
const USAGE = { stream: true, stream_options: { include_usage: true } };

const CHAT = '/v1/chat/completions';
const chat = (client: string, body: Recorded['body'], more: Partial<Recorded> = {}): Recorded => ({
  ...{ client, path: CHAT, body },
  ...more,
});

const CLAWDBOT = { ...USAGE, store: false, max_completion_tokens: 8_192, tools: [tool('read', { strict: false })] };

const CHATS: readonly Recorded[] = [
  chat('clawdbot 2026.1.24, reasoning: false', { ...CLAWDBOT, messages: [system, user(parts(SAYS))] }),
  chat('clawdbot 2026.1.24, reasoning: true', {
    ...CLAWDBOT,
    reasoning_effort: 'low',
    messages: [{ role: 'developer', content: 'Be brief.' }, user(parts(SAYS))],
  }),
  chat(
    'openclaw 2026.9.6, its second request',
    {
      ...{ ...USAGE, store: false, max_tokens: 8_192, tool_choice: 'auto', tools: [tool('read')] },
      messages: [
        system,
        user(),
        { role: 'assistant', content: null, tool_calls: [call('read0', 'read')] },
        result('read0'),
        user('And now?'),
      ],
    },
    { headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } },
  ),
  chat('openclaw 2026.9.6, its third request, without tools', {
    ...{ ...USAGE, max_tokens: 8_192 },
    messages: [
      user(),
      { role: 'assistant', content: '', tool_calls: [call('read0', 'read')] },
      result('read0'),
      user('Sum up.'),
    ],
  }),
  chat(
    'kimi-code 2.1.0, kimi',
    {
      ...USAGE,
      thinking: { type: 'enabled', keep: 'all' },
      prompt_cache_key: 'session-1',
      max_completion_tokens: 262_144,
      tools: [tool('Bash', { parameters: WITH_DIALECT })],
      messages: [
        system,
        user(),
        user('<system-reminder>One.</system-reminder>'),
        user('<system-reminder>Two.</system-reminder>'),
        { role: 'assistant', reasoning_content: '', tool_calls: [call('Bash_0', 'Bash')] },
        result('Bash_0'),
      ],
    },
    { headers: { 'user-agent': 'kimi-code-cli/2.1.0', 'x-msh-platform': 'kimi_code_cli', 'x-msh-version': '2.1.0' } },
  ),
  chat('kimi-code 2.1.0, openai', {
    ...{ ...USAGE, max_tokens: 131_072, tools: [tool('Bash', { parameters: WITH_DIALECT })] },
    messages: [
      system,
      user(),
      { role: 'assistant', content: null, tool_calls: [call('Bash_0', 'Bash')] },
      result('Bash_0'),
    ],
  }),
  chat('codex 0.63, chat', {
    ...{ stream: true, tools: [tool('shell', { strict: false })], tool_choice: 'auto', parallel_tool_calls: false },
    messages: [
      system,
      user(),
      { role: 'assistant', content: null, tool_calls: [call('call_1', 'shell')] },
      result('call_1'),
    ],
  }),
  chat(
    'claude-code-router 2.0.0',
    {
      ...{ stream: true, max_tokens: 32_000, reasoning: { effort: 'high', enabled: true }, tools: [tool('Read')] },
      messages: [
        { role: 'system', content: parts('Be brief.', CACHED) },
        user(parts(SAYS)),
        { role: 'assistant', content: null, tool_calls: [call('toolu_1', 'Read')] },
        { ...result('toolu_1'), ...CACHED },
      ],
    },
    { headers: { 'user-agent': 'node' } },
  ),
  chat(
    'opencode 1.18.33',
    {
      ...USAGE,
      top_p: 0.95,
      max_tokens: 32_000,
      tool_choice: 'auto',
      tools: [tool('read')],
      messages: [system, user()],
    },
    { headers: { 'x-session-affinity': 'ses_1' } },
  ),
  chat('pi 0.73.1', {
    ...{ ...USAGE, store: false, reasoning_effort: 'medium', max_completion_tokens: 32_000, tools: [tool('read')] },
    messages: [{ role: 'developer', content: 'Be brief.' }, user()],
  }),
  chat('qwen-code 0.24.4', {
    ...{ ...USAGE, tools: [tool('read')] },
    messages: [
      system,
      user(parts(SAYS)),
      { role: 'assistant', content: null, tool_calls: [call('call_a', 'read')] },
      result('call_a', parts('text')),
    ],
  }),
  chat('cline 3.0.65', { ...USAGE, tool_choice: 'auto', tools: [tool('read')], messages: [system, user(parts(SAYS))] }),
  chat('continue 1.5.47', {
    ...{ ...USAGE, tools: [tool('read')] },
    messages: [
      system,
      user(),
      { role: 'assistant', content: '', tool_calls: [call('call_a', 'read')] },
      result('call_a'),
    ],
  }),
  chat('AI SDK openai-compatible, JSON mode', {
    ...{ temperature: 0.2, response_format: { type: 'json_object' } },
    messages: [{ role: 'system', content: 'Answer in JSON.' }, user('sim: think Hm.\nsim: say {"done":"Done."}')],
  }),
  chat('openai 7.55.0, runTools: the second turn without its reasoning', {
    ...{ tool_choice: 'auto', tools: [tool('read')] },
    messages: [
      user(),
      { role: 'assistant', content: '', refusal: null, tool_calls: [call('read:0', 'read')] },
      result('read:0'),
    ],
  }),
  chat(
    'NextChat, with /v1 twice',
    {
      ...{ stream: true, temperature: 0.5, top_p: 1, presence_penalty: 0, frequency_penalty: 0 },
      messages: [system, user()],
    },
    { path: '/v1/v1/chat/completions' },
  ),
  chat('LobeChat 1.143.3, moonshot', {
    ...{ ...USAGE, temperature: 0.5, top_p: 1, presence_penalty: 0, frequency_penalty: 0, user: 'u1' },
    tools: [{ type: 'builtin_function', function: { name: '$web_search' } }],
    messages: [user(), { role: 'assistant', content: ' ' }, user('Go on.')],
  }),
];

const MESSAGES = '/v1/messages?beta=true';
const VERSION = { 'anthropic-version': '2023-06-01' };
const messagesTool = { name: 'Bash', description: 'Runs a command.', input_schema: WITH_DIALECT };

const MESSAGES_ROWS: readonly Recorded[] = [
  {
    client: 'claude-code 2.1.197',
    path: MESSAGES,
    headers: {
      ...VERSION,
      authorization: 'Bearer any',
      'anthropic-beta':
        'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,effort-2025-11-24',
      'user-agent': 'claude-cli/2.1.197 (external, sdk-cli)',
    },
    body: {
      ...{ stream: true, max_tokens: 32_000, thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      metadata: { user_id: '{"device_id":"d","account_uuid":"","session_id":"s"}' },
      system: parts('Be brief.', CACHED),
      tools: [messagesTool],
      messages: [user(parts(SAYS, CACHED)), { role: 'system', content: 'The date is today.' }, user('And now?')],
    },
  },
  {
    client: 'kimi-code 2.1.0, anthropic',
    path: MESSAGES,
    headers: { ...VERSION, 'x-api-key': 'any' },
    body: {
      ...{ stream: true, max_tokens: 262_144, thinking: { type: 'adaptive', display: 'summarized' } },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      system: parts('Be brief.', CACHED),
      tools: [messagesTool],
      messages: [
        user(parts(SAYS)),
        user(parts('<system-reminder>One.</system-reminder>')),
        { role: 'assistant', content: [{ type: 'tool_use', id: 'Bash_0', name: 'Bash', input: { path: 'a' } }] },
        user([{ type: 'tool_result', tool_use_id: 'Bash_0', content: parts('text'), ...CACHED }]),
      ],
    },
  },
  {
    client: 'pi 0.73.1, anthropic-messages',
    path: '/v1/messages',
    headers: { ...VERSION, 'x-api-key': 'any' },
    body: {
      ...{ stream: true, max_tokens: 32_000, thinking: { type: 'enabled', budget_tokens: 8_192 } },
      tools: [messagesTool],
      messages: [user(parts(SAYS, CACHED))],
    },
  },
  {
    client: '@ai-sdk/anthropic, its default cap',
    path: '/v1/messages',
    headers: { ...VERSION, 'x-api-key': 'any' },
    body: { max_tokens: 4_096, messages: [user(parts(SAYS))] },
  },
];

const RESPONSES_ROWS: readonly Recorded[] = [
  {
    client: 'codex 0.169.0',
    path: '/v1/responses',
    headers: { 'x-codex-turn-metadata': '{}', session_id: 's', thread_id: 't', originator: 'codex_exec' },
    body: {
      ...{ stream: true, store: false, parallel_tool_calls: true, prompt_cache_key: 'p', client_metadata: { a: 'b' } },
      ...{ include: ['reasoning.encrypted_content'], reasoning: { summary: 'auto' }, instructions: 'Be brief.' },
      tools: [
        { type: 'function', name: 'exec_command', strict: false, parameters: SCHEMA },
        { type: 'namespace', name: 'mcp__docs__', tools: [{ type: 'function', name: 'lookup', parameters: SCHEMA }] },
        { type: 'web_search', external_web_access: false },
      ],
      input: [
        { type: 'message', id: 'msg_1', role: 'developer', content: [{ type: 'input_text', text: 'Sandbox: none.' }] },
        { type: 'message', id: 'msg_2', role: 'user', content: [{ type: 'input_text', text: SAYS }] },
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'exec_command', arguments: '{"path":"a"}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'text' },
      ],
    },
  },
  {
    client: 'pi 0.73.1, openai-responses: no ids on its items',
    path: '/v1/responses',
    body: {
      ...{ stream: true, store: false, max_output_tokens: 32_000 },
      tools: [{ type: 'function', name: 'read', parameters: SCHEMA }],
      input: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'input_text', text: SAYS }] },
      ],
    },
  },
];

export const RECORDED: readonly Recorded[] = [...CHATS, ...MESSAGES_ROWS, ...RESPONSES_ROWS];
