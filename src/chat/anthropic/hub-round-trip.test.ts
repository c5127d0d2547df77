import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatChunk, ChatCompletion, ChatMessage, ChatRequest } from '../chat.ts';
import { Fold, unfold } from '../fold.ts';
import {
  MessagesDecoder,
  MessagesEncoder,
  toChatCompletion,
  toChatRequest,
  toMessagesAnswer,
  toMessagesRequest,
  withoutCarried,
} from './index.ts';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => value.trim() !== '');
const id = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abc_09:') });
const calls = fc.array(
  fc.record({ id, name: id, input: fc.dictionary(id, text, { maxKeys: 2 }) }).map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.input) },
  })),
  { maxLength: 3 },
);
const part = fc.oneof(
  text.map((value) => ({ type: 'text', text: value })),
  fc.base64String().map((data) => ({ type: 'image_url', image_url: { url: `data:image/jpeg;base64,${data}` } })),
  id.map((name) => ({ type: 'image_url', image_url: { url: `ms://${name}` } })),
  id.map((name) => ({ type: 'video_url', video_url: { url: `ms://${name}` } })),
);
const assistant = fc.record({ reasoning: fc.option(text), content: text, calls }).map(
  ({ reasoning, content, calls: made }): ChatMessage => ({
    role: 'assistant',
    content,
    ...(reasoning === null ? {} : { reasoning_content: reasoning }),
    ...(made.length > 0 ? { tool_calls: made } : {}),
  }),
);
/** A turn: the user, the assistant, and a result for each call. */
const turn = fc
  .tuple(
    fc.array(part, { minLength: 1, maxLength: 3 }),
    assistant,
    fc.oneof(text, fc.array(part, { minLength: 1, maxLength: 2 })),
  )
  .map(([content, message, result]): ChatMessage[] => [
    { role: 'user', content },
    message,
    ...(message.tool_calls ?? []).map((call) => ({ role: 'tool', tool_call_id: call.id ?? '', content: result })),
  ]);
const request = fc
  .record({
    turns: fc.array(turn, { maxLength: 3 }),
    system: fc.option(text),
    question: text,
    prefill: fc.option(text),
    choice: fc.constantFrom('auto', 'required', 'none', { type: 'function', function: { name: 'f' } }),
    effort: fc.constantFrom('low', 'high', 'max'),
    stop: fc.array(text, { maxLength: 2 }),
  })
  .map(
    (parts): ChatRequest => ({
      model: 'k3',
      messages: [
        ...(parts.system === null ? [] : [{ role: 'system', content: parts.system }]),
        ...parts.turns.flat(),
        { role: 'user', content: parts.question },
        ...(parts.prefill === null ? [] : [{ role: 'assistant', content: parts.prefill, partial: true }]),
      ],
      max_completion_tokens: 10,
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } }],
      tool_choice: parts.choice,
      thinking: { type: 'enabled' },
      reasoning_effort: parts.effort,
      stop: parts.stop,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', strict: true, schema: { type: 'object' } },
      },
    }),
  );

const counts = fc.integer({ min: 0, max: 1000 });
const usage = fc.record({ input: counts, cached: counts, output: counts, reasoning: counts }).map((seen) => ({
  prompt_tokens: seen.input + seen.cached,
  completion_tokens: seen.output,
  total_tokens: seen.input + seen.cached + seen.output,
  cached_tokens: seen.cached,
  prompt_tokens_details: { cached_tokens: seen.cached },
  completion_tokens_details: { reasoning_tokens: seen.reasoning },
}));
const completion = fc
  .record({ message: assistant, usage, finish: fc.constantFrom('stop', 'length', 'content_filter') })
  .map(
    (parts): ChatCompletion => ({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 7,
      model: 'k3',
      choices: [
        { index: 0, message: parts.message, finish_reason: parts.message.tool_calls ? 'tool_calls' : parts.finish },
      ],
      usage: parts.usage,
    }),
  );

describe('hub → Anthropic → hub', () => {
  test('a request keeps text, reasoning, tools, images and prefill', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const there = plain(toMessagesRequest(asked, { maxOutput: 1, efforts: ['low', 'high', 'max'] }));
        expect(there.notes).toEqual([]);
        expect(plain(withoutCarried(toChatRequest(there.request).request))).toEqual(plain(asked));
      }),
      { numRuns: 300 },
    );
  });

  test('an answer keeps text, reasoning, calls, usage and its end', () => {
    fc.assert(
      fc.property(completion, (answer) => {
        const there = plain(toMessagesAnswer(answer).answer);
        expect(plain(toChatCompletion(there, 7).completion)).toEqual(plain(answer));
      }),
      { numRuns: 300 },
    );
  });

  test('a stream keeps them too', () => {
    fc.assert(
      fc.property(completion, (answer) => {
        const encoder = new MessagesEncoder();
        const decoder = new MessagesDecoder({ created: 7, includeUsage: true, carries: true });
        const fold = new Fold();
        const events = [...unfold(answer).flatMap((chunk) => encoder.add(chunk)), ...encoder.end()];
        for (const event of plain(events)) for (const chunk of decoder.add(event)) fold.add(chunk);
        const folded = fold.completion();
        expect(plain({ ...withoutOwn(folded), choices: folded.choices?.map(withoutOwn) })).toEqual(plain(answer));
      }),
      { numRuns: 300 },
    );
  });
});

function withoutOwn<T extends object>(value: T): T {
  const { anthropic: _, ...kept } = value as T & { anthropic?: unknown };
  const { message } = kept as { message?: ChatMessage };
  return (message ? { ...kept, message: withoutOwn(message) } : kept) as T;
}

describe('a stream for an Anthropic client', () => {
  const chunk = (delta: ChatMessage, finish: string | null = null): ChatChunk => ({
    id: 'c',
    model: 'k3',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const types = (chunks: readonly ChatChunk[]) => {
    const encoder = new MessagesEncoder({ model: 'claude', inputTokens: 9 });
    return [...chunks.flatMap((one) => encoder.add(one)), ...encoder.end()];
  };

  test('has the grammar: one block at a time, each with its index, one end', () => {
    const events = types([
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'hm' }),
      chunk({ content: 'a' }),
      chunk({ content: 'b' }),
      chunk({ tool_calls: [{ index: 0, id: 'x:0', type: 'function', function: { name: 'x', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }),
      chunk({}, 'tool_calls'),
      { choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 4 } },
    ]);
    expect(events.map((event) => `${event.type} ${event['index'] ?? ''}`.trim())).toEqual([
      'message_start',
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1',
      'content_block_delta 1',
      'content_block_stop 1',
      'content_block_start 2',
      'content_block_delta 2',
      'content_block_stop 2',
      'message_delta',
      'message_stop',
    ]);
    expect(events[0]).toMatchObject({ message: { id: 'c', model: 'claude', usage: { input_tokens: 9 } } });
    expect(events[3]).toMatchObject({ delta: { type: 'signature_delta', signature: 'bW9vbmdhdGU=' } });
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 5 },
    });
  });

  test('a call waits for its name, gets an id, and is left out if it never has one', () => {
    const events = types([
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { name: 'f', arguments: ':1}' } }] }),
      chunk({ tool_calls: [{ index: 1, function: { arguments: '{}' } }] }),
      chunk({}, 'stop'),
    ]);
    expect(events.filter((event) => event.type === 'content_block_start')).toMatchObject([
      { content_block: { type: 'tool_use', id: 'toolu_0', name: 'f' } },
    ]);
    expect(events.find((event) => event.type === 'content_block_delta')).toMatchObject({
      delta: { partial_json: '{"a":1}' },
    });
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' } });
  });

  test('a piece for a call that was closed is an error, not a loss', () => {
    const encoder = new MessagesEncoder();
    encoder.add(chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }] }));
    encoder.add(chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }] }));
    expect(() => encoder.add(chunk({ tool_calls: [{ index: 0, function: { arguments: '}' } }] }))).toThrow('went back');
  });

  test('an empty stream is an empty message', () => {
    expect(types([]).map((event) => event.type)).toEqual(['message_start', 'message_delta', 'message_stop']);
  });
});
