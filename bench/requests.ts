/** The requests of the benchmark: a small one, and what an agent sends after an hour of work. */

const MODEL = 'kimi-k2.6';

export type RequestName = 'small' | 'small-stream' | 'agent' | 'agent-plain';

/** Members that make the dialect change the top level: an alias, and sampling parameters that the model refuses. */
const TO_REPAIR = { model: 'gpt-4o', temperature: 0.3, top_p: 1 };

export function requestBody(name: RequestName): Buffer<ArrayBuffer> {
  return Buffer.from(JSON.stringify(REQUESTS[name]()));
}

const REQUESTS: Readonly<Record<RequestName, () => object>> = {
  small: () => ({ model: MODEL, messages: SMALL_TALK }),
  'small-stream': () => ({ model: MODEL, messages: SMALL_TALK, stream: true }),
  agent: () => ({ ...TO_REPAIR, ...agentBody() }),
  'agent-plain': () => ({ model: MODEL, ...agentBody() }),
};

const SMALL_TALK = [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: '用一句话解释什么是上下文缓存。' },
];

const TOOL_COUNT = 26;
const TURNS = 37;
const SYSTEM = [
  '你是一个在终端里工作的编程助手。先读代码，再动手；改动要小，改完要运行测试。',
  'You work in the repository that the user names. Prefer small edits. Never guess what a file holds: read it.',
  '回答用用户的语言。引用文件时写出路径和行号，例如 `src/server/app.ts:42`。',
  'When a command fails, say what it printed ("exit code 1") and what you conclude from it.\n',
].join('\n');
const CODE = [
  'export function nextLineEnd(bytes: Buffer, from: number): number {',
  '  // 行尾可能是 LF、CRLF 或 CR',
  '  const lf = bytes.indexOf("\\n", from);',
  '  return lf === -1 ? bytes.length : lf;',
  '}\n',
].join('\n');

function agentBody() {
  return {
    messages: [{ role: 'system', content: SYSTEM.repeat(24) }, ...history()],
    tools: tools(),
    max_tokens: 8_192,
  };
}

/** Each turn: what the user wants, a call with the reasoning before it, and what the tool said. */
function history(): object[] {
  return Array.from({ length: TURNS }, (_, turn) => [
    { role: 'user', content: `第 ${turn} 步：请检查 src/stream/part-${turn}.ts 里的换行处理，并修复测试。` },
    {
      role: 'assistant',
      reasoning_content: `需要先读文件 part-${turn}.ts，看看它怎样处理 "\\r\\n"。`.repeat(6),
      tool_calls: [
        {
          id: `read_file:${turn}`,
          type: 'function',
          function: {
            name: 'read_file',
            arguments: JSON.stringify({ path: `src/stream/part-${turn}.ts`, limit: 200 }),
          },
        },
      ],
    },
    { role: 'tool', tool_call_id: `read_file:${turn}`, content: CODE.repeat(5) },
  ]).flat();
}

function tools(): object[] {
  return Array.from({ length: TOOL_COUNT }, (_, index) => ({
    type: 'function',
    function: {
      name: `tool_${index}`,
      description: `第 ${index} 个工具。Reads, searches or changes files below the working folder. ${'Paths are relative. '.repeat(8)}`,
      parameters: {
        type: 'object',
        properties: {
          path: { type: 'string', description: '文件路径，相对于工作目录' },
          pattern: { type: 'string', description: 'A regular expression, e.g. "^export (class|function)"' },
          limit: { type: 'integer', description: 'How many lines at most', minimum: 1, maximum: 2_000 },
          mode: { type: 'string', enum: ['read', 'search', 'replace'], description: '做什么' },
          options: {
            type: 'object',
            properties: { ignoreCase: { type: 'boolean' }, context: { type: 'integer' } },
            additionalProperties: false,
          },
        },
        required: ['path'],
        additionalProperties: false,
      },
    },
  }));
}
