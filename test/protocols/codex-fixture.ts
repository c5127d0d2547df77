/**
 * Requests in the shape of Codex 0.169, made by hand after a recording of its members (item and tool types, ids, roles,
 * headers); the words are ours, and so are the tools that the recorded session did not use.
 */

const text = (value: string) => [{ type: 'input_text', text: value }];

const GRAMMAR = `start: begin_patch hunk+ end_patch
begin_patch: "*** Begin Patch" LF
end_patch: "*** End Patch" LF?`;

export const CODEX_TOOLS = [
  {
    type: 'function',
    name: 'exec_command',
    description: 'Runs a command in a PTY.',
    strict: false,
    parameters: {
      type: 'object',
      properties: { cmd: { type: 'string' }, yield_time_ms: { type: 'number' } },
      required: ['cmd'],
      additionalProperties: false,
    },
  },
  {
    type: 'custom',
    name: 'apply_patch',
    description: 'Use the `apply_patch` tool to edit files. This is a FREEFORM tool, so do not wrap the patch in JSON.',
    format: { type: 'grammar', syntax: 'lark', definition: GRAMMAR },
  },
  {
    type: 'namespace',
    name: 'mcp__docs__',
    description: 'Tools of the docs server.',
    tools: [
      {
        type: 'function',
        name: 'lookup',
        description: 'Looks a word up.',
        strict: false,
        parameters: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
      },
      { type: 'function', name: 'list', strict: false, parameters: { type: 'object', properties: {} } },
    ],
  },
  { type: 'local_shell' },
  {
    type: 'tool_search',
    execution: 'client',
    description: 'Searches over the tools of apps.',
    parameters: {
      type: 'object',
      properties: { query: { type: 'string' }, limit: { type: 'number' } },
      required: ['query'],
    },
  },
  { type: 'web_search', external_web_access: true },
  { type: 'image_generation', output_format: 'png' },
] as const;

export function codexRequest(prompt: string, history: readonly object[] = []): Record<string, unknown> {
  return {
    model: 'kimi-k2.6',
    instructions: 'You are a coding agent.',
    input: [
      {
        type: 'message',
        id: 'msg_1',
        role: 'developer',
        content: text('<permissions instructions>never</permissions>'),
      },
      {
        type: 'message',
        id: 'msg_2',
        role: 'user',
        content: text('<environment_context><cwd>/w</cwd></environment_context>'),
      },
      { type: 'message', id: 'msg_3', role: 'user', content: text(prompt) },
      ...history,
    ],
    tools: CODEX_TOOLS,
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { summary: 'auto' },
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: '0199a1b2-0000-7000-8000-000000000000',
    client_metadata: { 'x-codex-installation-id': 'made-up' },
  };
}

export const CODEX_HEADERS = {
  'content-type': 'application/json',
  accept: 'text/event-stream',
  originator: 'codex_exec',
  'user-agent': 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb (codex_exec; 0.169.0)',
  session_id: '0199a1b2-0000-7000-8000-000000000000',
};

/** A history of a session with another model and with tools that nobody has here. */
export const FOREIGN_HISTORY = [
  {
    type: 'reasoning',
    id: 'rs_foreign',
    summary: [{ type: 'summary_text', text: '**Thinking**' }],
    encrypted_content: 'gAAAAABo',
  },
  { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } },
  {
    type: 'message',
    id: 'msg_a',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'I looked it up.' }],
    phase: 'commentary',
  },
  { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'aGk=' },
  { type: 'compaction', encrypted_content: 'gAAAAABp' },
  { type: 'ghost_snapshot', ghost_commit: { id: 'abc' } },
  { type: 'message', id: 'msg_b', role: 'user', content: text('sim: turn 1\nsim: say Still here.') },
] as const;
