import fc from 'fast-check';

/** Generators of OpenAI's shape for the property tests, limited to what real clients send. */

export const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => value.trim() !== '');
export const word = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcXYZ_09') });
const object = fc.dictionary(word, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 3 });

/** The tools that every generated request declares, one of each kind. */
export const TOOLS = [
  { type: 'function', name: 'plain', description: 'd', parameters: { type: 'object', properties: {} }, strict: true },
  { type: 'custom', name: 'free', description: 'd', format: { type: 'text' } },
  {
    type: 'namespace',
    name: 'space',
    description: 'd',
    tools: [
      { type: 'function', name: 'plain', parameters: { type: 'object', properties: {} } },
      { type: 'custom', name: 'free' },
    ],
  },
  { type: 'local_shell' },
  { type: 'shell' },
  { type: 'apply_patch' },
  { type: 'tool_search', execution: 'client' },
];

const namespace = fc.constantFrom({}, { namespace: 'space' });
const done = { status: 'completed' };

/** Calls as the gateway itself writes them, so that they come back the same. */
export const call = fc.oneof(
  fc.tuple(namespace, object).map(([inside, said]) => ({
    type: 'function_call',
    ...done,
    name: 'plain',
    ...inside,
    arguments: JSON.stringify(said),
  })),
  fc
    .tuple(namespace, fc.string({ unit: 'binary' }))
    .map(([inside, input]) => ({ type: 'custom_tool_call', ...done, name: 'free', ...inside, input })),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((command) => ({
    type: 'local_shell_call',
    ...done,
    action: { type: 'exec', command, env: {}, working_directory: '/w' },
  })),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((commands) => ({
    type: 'shell_call',
    ...done,
    action: { commands, timeout_ms: null, max_output_length: 9 },
  })),
  fc.tuple(fc.constantFrom('create_file', 'update_file'), text, text).map(([type, path, diff]) => ({
    type: 'apply_patch_call',
    ...done,
    operation: { type, path, diff },
  })),
  text.map((path) => ({ type: 'apply_patch_call', ...done, operation: { type: 'delete_file', path } })),
  object.map((said) => ({ type: 'tool_search_call', ...done, execution: 'client', arguments: said })),
);

const message = text.map((said) => ({
  type: 'message',
  ...done,
  role: 'assistant',
  content: [{ type: 'output_text', text: said, annotations: [], logprobs: [] }],
}));

/** What the assistant said in one go: thoughts, a text, calls. */
export const turn = fc
  .tuple(fc.option(text, { nil: '' }), fc.array(message, { maxLength: 1 }), fc.array(call, { maxLength: 4 }))
  .filter(([, said, calls]) => said.length + calls.length > 0);

export const inputPart = fc.oneof(
  text.map((said) => ({ type: 'input_text', text: said })),
  fc
    .base64String()
    .map((data) => ({ type: 'input_image', image_url: `data:image/png;base64,${data}`, detail: 'high' })),
  word.map((file_id) => ({ type: 'input_image', file_id, detail: 'auto' })),
  word.map((file_id) => ({ type: 'input_file', file_id, filename: 'a.pdf' })),
  fc.base64String().map((data) => ({ type: 'input_file', file_data: `data:application/pdf;base64,${data}` })),
);

const format = fc.oneof(
  fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
  word.map((name) => ({ type: 'json_schema', name, strict: true, description: 'd', schema: { type: 'object' } })),
);

/** Every member but the input that is said in the hub's words or repeated in the response. */
export const members = fc.record(
  {
    instructions: text,
    max_output_tokens: fc.integer({ min: 1, max: 100_000 }),
    max_tool_calls: fc.integer({ min: 1, max: 9 }),
    metadata: fc.dictionary(word, text, { maxKeys: 2 }),
    parallel_tool_calls: fc.boolean(),
    prompt_cache_key: word,
    reasoning: fc.record({
      effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh'),
      summary: fc.constantFrom('auto', 'concise', 'detailed'),
    }),
    safety_identifier: word,
    store: fc.boolean(),
    stream: fc.boolean(),
    temperature: fc.constantFrom(0, 0.5, 1),
    text: fc.record({ format, verbosity: fc.constantFrom('low', 'medium', 'high') }),
    tool_choice: fc.constantFrom(
      'auto',
      'none',
      'required',
      { type: 'function', name: 'plain' },
      { type: 'custom', name: 'free' },
      { type: 'apply_patch' },
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'plain' }, { type: 'shell' }] },
    ),
    top_logprobs: fc.integer({ min: 0, max: 5 }),
    top_p: fc.constantFrom(0.5, 0.95),
    truncation: fc.constantFrom('auto', 'disabled'),
    user: word,
  },
  { requiredKeys: [] },
);
