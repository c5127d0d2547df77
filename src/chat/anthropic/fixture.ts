import fc from 'fast-check';

/** Generators of Anthropic's shape for the property tests, limited to what real clients send. */

const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => value.trim() !== '');
const id = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcXYZ_09') });
const input = fc.dictionary(id, fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 2 })), {
  maxKeys: 3,
});
const cache = fc.option(fc.constant({ cache_control: { type: 'ephemeral' } }), { nil: {} });

const plainText = fc.tuple(text, cache).map(([value, more]) => ({ type: 'text', text: value, ...more }));
const cited = text.map((value) => ({
  type: 'text',
  text: value,
  citations: [{ type: 'char_location', cited_text: 'x' }],
}));
const source = fc.oneof(
  fc.base64String().map((data) => ({ type: 'base64', media_type: 'image/png', data })),
  id.map((name) => ({ type: 'url', url: `https://example.com/${name}.png` })),
  id.map((name) => ({ type: 'url', url: `ms://${name}` })),
  id.map((name) => ({ type: 'file', file_id: name })),
);
const image = fc.tuple(source, cache).map(([from, more]) => ({ type: 'image', source: from, ...more }));
const document = fc.oneof(
  fc.base64String().map((data) => ({
    type: 'document',
    source: { type: 'base64', media_type: 'application/pdf', data },
    title: 'A',
    citations: { enabled: true },
  })),
  text.map((data) => ({ type: 'document', source: { type: 'text', media_type: 'text/plain', data }, title: 'B' })),
  text.map((value) => ({
    type: 'search_result',
    source: 'https://x',
    title: 'C',
    content: [{ type: 'text', text: value }],
  })),
);
const userBlock = fc.oneof(plainText, image, document);

const thinking = fc.tuple(text, fc.option(id, { nil: undefined })).map(([value, signature]) => ({
  type: 'thinking',
  thinking: value,
  ...(signature === undefined ? {} : { signature }),
}));
const redacted = id.map((data) => ({ type: 'redacted_thinking', data }));
export const use = fc
  .tuple(id, id, input, cache)
  .map(([call, name, value, more]) => ({ type: 'tool_use', id: call, name, input: value, ...more }));
const server = fc.oneof(
  id.map((call) => ({ type: 'server_tool_use', id: call, name: 'web_search', input: { query: 'x' } })),
  text.map((title) => ({ type: 'web_search_tool_result', tool_use_id: 'x', content: [{ title, url: 'https://x' }] })),
);
export const assistantBlocks = fc.array(fc.oneof(plainText, cited, thinking, redacted, use, server), {
  minLength: 1,
  maxLength: 5,
});

const result = fc
  .record({
    id,
    content: fc.oneof(text, fc.array(fc.oneof(plainText, image), { maxLength: 3 })),
    failed: fc.option(fc.boolean()),
    cache,
  })
  .map(({ id: call, content, failed, cache: more }) => ({
    type: 'tool_result',
    tool_use_id: call,
    content,
    ...(failed === null ? {} : { is_error: failed }),
    ...more,
  }));
const userContent = fc.oneof(
  text,
  fc.array(userBlock, { minLength: 1, maxLength: 3 }),
  fc
    .tuple(fc.array(result, { minLength: 1, maxLength: 3 }), fc.array(userBlock, { maxLength: 2 }))
    .map(([a, b]) => [...a, ...b]),
);
const message = fc.oneof(
  userContent.map((content) => ({ role: 'user', content })),
  fc.oneof(text, assistantBlocks).map((content) => ({ role: 'assistant', content })),
  fc.oneof(text, fc.array(plainText, { minLength: 1, maxLength: 2 })).map((content) => ({ role: 'system', content })),
);

const tool = fc.oneof(
  fc.record({ name: id, description: text, cache }).map(({ name, description, cache: more }) => ({
    name,
    description,
    input_schema: { type: 'object', properties: { a: { type: 'string' } } },
    ...more,
  })),
  id.map((name) => ({ type: 'custom', name, input_schema: { type: 'object' }, strict: true, defer_loading: true })),
  fc.constant({ type: 'web_search_20250305', name: 'web_search', max_uses: 5 }),
);
const effort = fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max');
const choice = fc.oneof(
  fc.constantFrom({ type: 'auto' }, { type: 'any' }, { type: 'none' }),
  fc.tuple(id, fc.boolean()).map(([name, alone]) => ({ type: 'tool', name, disable_parallel_tool_use: alone })),
);
const thinkingMode = fc.oneof(
  fc.constantFrom(
    { type: 'disabled' },
    { type: 'enabled' },
    { type: 'adaptive' },
    { type: 'adaptive', display: 'summarized' },
  ),
  fc.integer({ min: 1024, max: 64_000 }).map((budget_tokens) => ({ type: 'enabled', budget_tokens })),
);

export const messagesRequest = fc
  .record(
    {
      model: id,
      messages: fc.array(message, { minLength: 1, maxLength: 6 }),
      max_tokens: fc.integer({ min: 1, max: 100_000 }),
      system: fc.oneof(text, fc.array(plainText, { minLength: 1, maxLength: 3 })),
      stream: fc.boolean(),
      tools: fc.array(tool, { minLength: 1, maxLength: 4 }),
      tool_choice: choice,
      stop_sequences: fc.array(text, { maxLength: 3 }),
      thinking: thinkingMode,
      output_config: fc.oneof(
        fc.record({ effort }),
        effort.map((word) => ({ effort: word, format: { type: 'json_schema', schema: { type: 'object' } } })),
      ),
      metadata: fc.record({ user_id: text }),
      temperature: fc.constantFrom(0, 0.5, 1),
      top_p: fc.constantFrom(0.5, 0.95),
      top_k: fc.integer({ min: 1, max: 50 }),
      service_tier: fc.constantFrom('auto', 'standard_only'),
      context_management: fc.constant({ edits: [{ type: 'clear_tool_uses_20250919' }] }),
      container: id,
    },
    { requiredKeys: ['model', 'messages', 'max_tokens'] },
  )
  // With thinking off an effort says nothing, and the hub drops it.
  .filter(({ thinking: mode, output_config: config }) => mode?.type !== 'disabled' || config === undefined);

const count = fc.integer({ min: 0, max: 100_000 });
export const usage = fc
  .record({
    input: count,
    output: count,
    read: count,
    written: count,
    details: fc.option(count),
    tier: fc.option(fc.constant('standard')),
  })
  .map(({ input: input_tokens, output: output_tokens, read, written, details, tier }) => ({
    input_tokens,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens,
    ...(details === null ? {} : { output_tokens_details: { thinking_tokens: details } }),
    ...(tier === null ? {} : { service_tier: tier }),
  }));

export const stop = fc.oneof(
  fc
    .constantFrom('end_turn', 'max_tokens', 'tool_use', 'refusal', 'pause_turn', 'model_context_window_exceeded')
    .map((stop_reason) => ({
      stop_reason,
      stop_sequence: null,
    })),
  text.map((stop_sequence) => ({ stop_reason: 'stop_sequence', stop_sequence })),
);

/** Signed as every block is that a client of ours sees. */
export const answerBlocks = assistantBlocks.map((blocks) =>
  blocks.map((block) => (block.type === 'thinking' ? { signature: 'c2ln', ...block } : block)),
);

export const messagesAnswer = fc.record({ id, content: answerBlocks, stop, usage, model: id }).map((parts) => ({
  id: parts.id,
  type: 'message',
  role: 'assistant',
  model: parts.model,
  content: parts.content,
  ...parts.stop,
  usage: parts.usage,
}));

/** The events that stand for an answer, cut into pieces of `size` characters. */
export function eventsOf(
  answer: { content: readonly Record<string, unknown>[]; [member: string]: unknown },
  size: number,
) {
  const { content, stop_reason, stop_sequence, usage: counts, ...head } = answer;
  const start = {
    ...head,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 1 },
  };
  return [
    { type: 'message_start', message: start },
    ...content.flatMap((block, index) => {
      const [opening, deltas] = openingOf(block, size);
      return [
        { type: 'content_block_start', index, content_block: opening },
        ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
        { type: 'content_block_stop', index },
      ];
    }),
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage: counts },
    { type: 'message_stop' },
  ];
}

function openingOf(block: Record<string, unknown>, size: number): [Record<string, unknown>, Record<string, unknown>[]] {
  const pieces = (value: string) => value.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  const { type } = block;
  if (type === 'text')
    return [{ ...block, text: '' }, pieces(String(block['text'])).map((part) => ({ type: 'text_delta', text: part }))];
  if (type === 'thinking') {
    const said = pieces(String(block['thinking'])).map((part) => ({ type: 'thinking_delta', thinking: part }));
    return [
      { type, thinking: '', signature: '' },
      [...said, { type: 'signature_delta', signature: block['signature'] }],
    ];
  }
  if (type === 'tool_use') {
    const json = pieces(JSON.stringify(block['input']));
    return [{ ...block, input: {} }, json.map((part) => ({ type: 'input_json_delta', partial_json: part }))];
  }
  return [block, []];
}
