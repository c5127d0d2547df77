import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatChunk } from '../../chat/chat.ts';
import { AnswerRepairs } from '../repair-answer.ts';
import { stopFilter } from './stop-filter.ts';
import { StopMatcher } from './stop-matcher.ts';

/** Where a model that writes letter by letter would stop. */
function stopped(text: string, stops: readonly string[]): string {
  for (let end = 1; end <= text.length; end++) {
    const hits = stops.filter((stop) => text.slice(0, end).endsWith(stop));
    if (hits.length > 0) return text.slice(0, end - Math.max(...hits.map((stop) => stop.length)));
  }
  return text;
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 });
const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 4,
});

function split(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((one, other) => one - other);
  return [0, ...places].map((place, index) => text.slice(place, places[index]));
}

const choice = (content: string, finish: string | null = null): ChatChunk => ({
  id: 'x',
  choices: [{ index: 0, delta: content === '' ? {} : { content }, finish_reason: finish }],
});

describe('StopMatcher', () => {
  test('stops where a letter-by-letter writer would, for any pieces', () => {
    fc.assert(
      fc.property(letters, stops, fc.array(fc.nat(), { maxLength: 8 }), (text, list, cuts) => {
        const matcher = new StopMatcher(list);
        const sent =
          split(text, cuts)
            .map((piece) => matcher.push(piece))
            .join('') + matcher.flush();
        expect(sent).toBe(stopped(text, list));
      }),
      { numRuns: 5_000 },
    );
  });

  test('holds back no more than what may become a stop', () => {
    const matcher = new StopMatcher(['END', 'EEL']);
    expect(matcher.push('xE')).toBe('x');
    expect(matcher.push('E')).toBe('');
    expect(matcher.push('N')).toBe('E');
    expect(matcher.push('!')).toBe('EN!');
  });
});

describe('stopFilter', () => {
  test('a stream ends once, with its usage, for any pieces', () => {
    fc.assert(
      fc.property(letters, stops, fc.array(fc.nat(), { maxLength: 6 }), (text, list, cuts) => {
        const repairs = new AnswerRepairs([stopFilter(list, 1)]);
        const usage = { total_tokens: 3 };
        const last: ChatChunk = { choices: [{ index: 0, delta: {}, finish_reason: 'length', usage }] };
        const chunks = [...split(text, cuts).map((piece) => choice(piece)), last];
        const out = [...chunks.map((chunk) => repairs.chunk(chunk)), ...repairs.end()].flatMap(
          (chunk) => chunk?.choices ?? [],
        );
        const expected = stopped(text, list);
        expect(out.map(({ delta }) => delta?.content ?? '').join('')).toBe(expected);
        const isHit = list.some((stop) => text.includes(stop));
        expect(out.map((one) => one.finish_reason).filter(Boolean)).toEqual([isHit ? 'stop' : 'length']);
        expect(out.map((one) => one.usage).filter(Boolean)).toEqual([usage]);
        expect(repairs.finished()).toBe(isHit);
      }),
      { numRuns: 2_000 },
    );
  });

  test('what needs nothing is the same object', () => {
    const repairs = new AnswerRepairs([stopFilter(['END'], 1)]);
    const chunk = choice('plain text');
    expect(repairs.chunk(chunk)).toBe(chunk);
    const usage: ChatChunk = { choices: [], usage: {} };
    expect(repairs.chunk(usage)).toBe(usage);
  });

  test('text that is held back comes out before a tool call and at the end of a cut stream', () => {
    const repairs = new AnswerRepairs([stopFilter(['END'], 1)]);
    repairs.chunk(choice('xEN'));
    const call: ChatChunk = { choices: [{ index: 0, delta: { tool_calls: [{ index: 0 }] } }] };
    expect(repairs.chunk(call)?.choices?.[0]?.delta).toEqual({ tool_calls: [{ index: 0 }], content: 'EN' });
    repairs.chunk(choice('E'));
    expect(repairs.end()).toEqual([{ id: 'x', choices: [{ index: 0, delta: { content: 'E' }, finish_reason: null }] }]);
  });
});

describe('stopFilter, apart from one stream', () => {
  test('choices end apart', () => {
    const repairs = new AnswerRepairs([stopFilter(['.'], 2)]);
    const piece = (index: number, content: string): ChatChunk => ({ choices: [{ index, delta: { content } }] });
    expect(repairs.chunk(piece(0, 'a.b'))?.choices?.[0]).toEqual({
      index: 0,
      delta: { content: 'a' },
      finish_reason: 'stop',
      stop_reason: '.',
    });
    expect(repairs.chunk(piece(0, 'c'))).toBe(undefined);
    expect(repairs.finished()).toBe(false);
    expect(repairs.chunk(piece(1, 'd'))?.choices?.[0]?.delta).toEqual({ content: 'd' });
    repairs.chunk(piece(1, '.'));
    expect(repairs.finished()).toBe(true);
  });

  test('a whole answer is cut, and what comes behind with it', () => {
    const filter = stopFilter(['STOP'], 1);
    const message = { role: 'assistant', content: 'yes STOP no', tool_calls: [{ id: 'a' }] };
    expect(filter.completion?.({ choices: [{ index: 0, message, finish_reason: 'tool_calls' }] })).toEqual({
      choices: [
        { index: 0, message: { role: 'assistant', content: 'yes ' }, finish_reason: 'stop', stop_reason: 'STOP' },
      ],
    });
    const same = { choices: [{ index: 0, message: { content: 'fine' } }] };
    expect(filter.completion?.(same)).toBe(same);
  });
});
