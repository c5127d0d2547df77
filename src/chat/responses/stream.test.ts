import { expect, test } from 'vitest';
import type { ChatChunk, ChatMessage } from '../chat.ts';
import { frameOf, ResponsesEncoder, type ResponsesRequest, toChatRequest } from './index.ts';

function encoderFor(request: ResponsesRequest = {}) {
  let ids = 0;
  const { tools } = toChatRequest(request, []);
  return new ResponsesEncoder(frameOf(request, { tools, newId: (prefix) => `${prefix}_${++ids}`, now: () => 7_000 }));
}

const chunk = (delta: ChatMessage, finish: string | null = null): ChatChunk => ({
  model: 'k3',
  choices: [{ index: 0, delta, finish_reason: finish }],
});

function eventsOf(chunks: readonly ChatChunk[], request?: ResponsesRequest) {
  const encoder = encoderFor(request);
  return [...chunks.flatMap((one) => encoder.add(one)), ...encoder.end()];
}

test('the grammar of an answer with all kinds of items', () => {
  const events = eventsOf(
    [
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'hm' }),
      chunk({ content: 'a' }),
      chunk({ content: 'b' }),
      chunk({ tool_calls: [{ index: 0, id: 'x:0', function: { name: 'fun', arguments: '{}' } }] }),
      chunk({ tool_calls: [{ index: 1, id: 'x:1', function: { name: 'free', arguments: '{"input":"q"}' } }] }),
      chunk({}, 'tool_calls'),
      { choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 4 } },
    ],
    { tools: [{ type: 'custom', name: 'free' }], reasoning: { summary: 'auto' } },
  );
  expect(
    events.map(({ type, output_index: at = '' }) => `${type.replace('response.', '')} ${String(at)}`.trim()),
  ).toEqual([
    'created',
    'in_progress',
    'output_item.added 0',
    'reasoning_summary_part.added 0',
    'reasoning_summary_text.delta 0',
    'reasoning_summary_text.done 0',
    'reasoning_summary_part.done 0',
    'output_item.done 0',
    'output_item.added 1',
    'content_part.added 1',
    'output_text.delta 1',
    'output_text.delta 1',
    'output_text.done 1',
    'content_part.done 1',
    'output_item.done 1',
    'output_item.added 2',
    'function_call_arguments.delta 2',
    'output_item.added 3',
    'custom_tool_call_input.delta 3',
    'function_call_arguments.done 2',
    'output_item.done 2',
    'custom_tool_call_input.done 3',
    'output_item.done 3',
    'completed',
  ]);
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  expect(events.at(-1)).toMatchObject({
    response: {
      status: 'completed',
      completed_at: 7,
      usage: { input_tokens: 10, input_tokens_details: { cached_tokens: 4 } },
    },
  });
});

test('pieces of calls may come in any order; a call waits for its name, gets an id, and is left out without one', () => {
  const events = eventsOf([
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }),
    chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'g', arguments: '{' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { name: 'f', arguments: ':1}' } }] }),
    chunk({ tool_calls: [{ index: 1, function: { arguments: '}' } }] }),
    chunk({ tool_calls: [{ index: 2, function: { arguments: '{}' } }] }),
  ]);
  expect(events.at(-1)).toMatchObject({
    response: {
      output: [
        { call_id: 'b', name: 'g', arguments: '{}' },
        { call_id: expect.stringMatching(/^call_/), name: 'f', arguments: '{"a":1}' },
      ],
    },
  });
});

test.each([
  ['length', 'max_output_tokens'],
  ['content_filter', 'content_filter'],
])('%s makes it incomplete', (finish, reason) => {
  const events = eventsOf([chunk({ content: 'a' }, finish)]);
  expect(events.at(-1)).toMatchObject({
    type: 'response.incomplete',
    response: { incomplete_details: { reason }, output: [{ status: 'incomplete' }] },
  });
});

test('only the first choice is told', () => {
  const events = eventsOf([{ choices: [{ index: 1, delta: { content: 'x' } }] }, chunk({ content: 'a' }, 'stop')]);
  expect(events.at(-1)).toMatchObject({ response: { output: [{ content: [{ text: 'a' }] }] } });
});

test('an empty stream is an empty response', () => {
  expect(eventsOf([]).map(({ type }) => type)).toEqual([
    'response.created',
    'response.in_progress',
    'response.completed',
  ]);
});

test.each([
  [{ status: 502, message: 'm', code: 'stream_cut' }, 'server_error'],
  [{ status: 429, message: 'm', code: 'rate_limited' }, 'rate_limit_exceeded'],
  [{ status: 429, message: 'm', code: 'quota_exhausted' }, 'insufficient_quota'],
  [{ status: 400, message: 'm', code: 'context_length_exceeded' }, 'context_length_exceeded'],
  [{ status: 400, message: 'm', code: 'content_filter' }, 'invalid_prompt'],
])('%j fails as %s, with what there was', (error, code) => {
  const encoder = encoderFor();
  encoder.add(chunk({ content: 'a' }));
  expect(encoder.fail({ ...error, hint: 'h' })).toMatchObject([
    { type: 'response.failed', response: { error: { code, message: 'm h' }, output: [{ status: 'incomplete' }] } },
  ]);
});
