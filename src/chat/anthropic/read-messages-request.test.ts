import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GatewayError } from '../../errors.ts';
import { messagesRequest } from './fixture.ts';
import { MessagesDecoder, readMessagesRequest, toChatRequest, toMessagesRequest } from './index.ts';

const base = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] };

test.each([
  [null, 'The request body must be a JSON object.'],
  [{}, 'model: is required'],
  [{ ...base, max_tokens: 0 }, 'max_tokens: must be a positive integer'],
  [{ ...base, messages: [] }, 'messages: must have a message'],
  [{ ...base, messages: [{ role: 'robot', content: 'x' }] }, 'messages: item 0 must have the role user or assistant'],
  [{ ...base, messages: [{ role: 'user', content: null }] }, 'messages: item 0 has content that must be a list'],
  [
    { ...base, messages: [{ role: 'user', content: ['x'] }] },
    'messages: item 0 has content that item 0 must be a block with a type',
  ],
  [{ ...base, tools: {} }, 'tools: must be a list'],
  [{ ...base, thinking: 'on' }, 'thinking: must be an object'],
])('%j: %s', (body, message) => {
  expect(() => readMessagesRequest(body)).toThrow(message);
});

test('what real clients send passes unchanged, and null says nothing', () => {
  fc.assert(
    fc.property(messagesRequest, (request) => {
      expect(readMessagesRequest(request)).toEqual(request);
    }),
  );
  expect(readMessagesRequest({ ...base, thinking: null })).toEqual(base);
});

test('whatever passes can be translated there and back', () => {
  const block = fc.record(
    {
      type: fc.constantFrom('text', 'image', 'document', 'tool_use', 'tool_result', 'thinking', 'video', 'other'),
      text: fc.jsonValue(),
      source: fc.jsonValue(),
      content: fc.jsonValue(),
      input: fc.jsonValue(),
      thinking: fc.jsonValue(),
      signature: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  );
  const message = fc.record({
    role: fc.constantFrom('user', 'assistant', 'system'),
    content: fc.array(block, { maxLength: 4 }),
  });
  const body = fc.record(
    {
      model: fc.constant('m'),
      max_tokens: fc.constant(1),
      messages: fc.array(message, { minLength: 1, maxLength: 4 }),
      tools: fc.jsonValue(),
      tool_choice: fc.jsonValue(),
      thinking: fc.jsonValue(),
      output_config: fc.jsonValue(),
      metadata: fc.jsonValue(),
    },
    { requiredKeys: ['model', 'max_tokens', 'messages'] },
  );
  fc.assert(
    fc.property(body, (value) => {
      let request: ReturnType<typeof readMessagesRequest>;
      try {
        request = readMessagesRequest(value);
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
        return;
      }
      toMessagesRequest(toChatRequest(request).request, { maxOutput: 1 });
    }),
    { numRuns: 1000 },
  );
});

test('a decoder bears any event', () => {
  const event = fc.record(
    {
      type: fc.constantFrom(
        'message_start',
        'content_block_start',
        'content_block_delta',
        'content_block_stop',
        'message_delta',
        'message_stop',
        'ping',
      ),
      index: fc.constantFrom(0, 1),
      message: fc.jsonValue(),
      content_block: fc.oneof(fc.jsonValue(), fc.record({ type: fc.constantFrom('text', 'thinking', 'tool_use') })),
      delta: fc.oneof(
        fc.jsonValue(),
        fc.record({ type: fc.constantFrom('text_delta', 'input_json_delta', 'signature_delta') }),
      ),
      usage: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const decoder = new MessagesDecoder({ created: 1, includeUsage: true, carries: true });
      for (const one of events) decoder.add(one);
    }),
    { numRuns: 500 },
  );
});
