import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fold } from '../fold.ts';
import { eventsOf, messagesAnswer, messagesRequest } from './fixture.ts';
import {
  MessagesDecoder,
  MessagesEncoder,
  toChatCompletion,
  toChatRequest,
  toMessagesAnswer,
  toMessagesRequest,
} from './index.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('Anthropic → hub → Anthropic', () => {
  test('a request keeps every field', () => {
    fc.assert(
      fc.property(messagesRequest, (request) => {
        const back = toMessagesRequest(toChatRequest(request).request, { maxOutput: 1 }).request;
        expect(plain(back)).toEqual(plain(request));
      }),
      { numRuns: 500 },
    );
  });

  test('an answer keeps every field', () => {
    fc.assert(
      fc.property(messagesAnswer, (answer) => {
        expect(plain(toMessagesAnswer(toChatCompletion(answer, 1).completion).answer)).toEqual(plain(answer));
      }),
      { numRuns: 500 },
    );
  });

  test('a stream stays the same stream, however its events are cut', () => {
    fc.assert(
      fc.property(messagesAnswer, fc.integer({ min: 1, max: 9 }), fc.boolean(), (answer, size, includeUsage) => {
        const events = eventsOf(answer, size);
        const decoder = new MessagesDecoder({ created: 1, includeUsage, carries: true });
        const encoder = new MessagesEncoder();
        const back = events.flatMap((event) => decoder.add(event)).flatMap((chunk) => encoder.add(chunk));
        expect(decoder.done).toBe(true);
        expect(plain([...back, ...encoder.end()])).toEqual(plain(events));
      }),
      { numRuns: 500 },
    );
  });

  test('a stream folds into what the whole answer says', () => {
    fc.assert(
      fc.property(messagesAnswer, fc.integer({ min: 1, max: 9 }), (answer, size) => {
        const decoder = new MessagesDecoder({ created: 1, includeUsage: true, carries: true });
        const fold = new Fold();
        for (const event of eventsOf(answer, size)) for (const chunk of decoder.add(event)) fold.add(chunk);
        expect(plain(toMessagesAnswer(fold.completion()).answer)).toEqual(plain(answer));
      }),
      { numRuns: 300 },
    );
  });
});
