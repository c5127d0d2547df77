import { expect, test } from 'vitest';
import { copiedTogether, movedTogether } from './join-pieces.ts';

/** One read of a socket with pieces cut out of it. */
function cut(text: string, ...places: readonly (readonly [start: number, end: number])[]) {
  const read = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  read.write(text);
  return { read, pieces: places.map(([start, end]) => read.subarray(start, end)) };
}

const sizeOf = (pieces: readonly Buffer[]) => pieces.reduce((size, { length }) => size + length, 0);

test('pieces of one read are moved together in its memory, and what lies behind them stays', () => {
  const { read, pieces } = cut('4\r\nabcd\r\n3\r\nefg\r\n5\r\nhijkl\r\nrest', [3, 7], [12, 15], [20, 25]);
  const whole = movedTogether(pieces, sizeOf(pieces));
  expect(whole.toString()).toBe('abcdefghijkl');
  expect(whole.buffer).toBe(read.buffer);
  expect(read.toString('utf8', 25)).toBe('\r\nrest');
});

test('longer pieces behind a short one, which overlap their new place', () => {
  const text = `1\r\na\r\n${'bcdefghij'.repeat(50)}`;
  const { pieces } = cut(text, [3, 4], [6, text.length]);
  expect(movedTogether(pieces, sizeOf(pieces)).toString()).toBe(`a${'bcdefghij'.repeat(50)}`);
});

test('pieces of several reads, or in another order, are copied', () => {
  const one = cut('-abc-', [1, 4]);
  const two = cut('-def-', [1, 4]);
  expect(movedTogether([...one.pieces, ...two.pieces], 6).toString()).toBe('abcdef');
  const { pieces } = cut('-ab-cd-', [4, 6], [1, 3]);
  expect(movedTogether(pieces, 4).toString()).toBe('cdab');
  expect([one, two].map(({ read }) => read.toString())).toEqual(['-abc-', '-def-']);
});

test('memory that buffers share is left alone', () => {
  const [first, others, second] = ['first', 'somebody else', 'second'].map((text) => Buffer.from(text));
  if (!first || !others || !second) throw new Error('three were made');
  expect(first.buffer).toBe(second.buffer);
  expect(movedTogether([first, second], 11).toString()).toBe('firstsecond');
  expect(others.toString()).toBe('somebody else');
});

test('one piece is itself, none is nothing', () => {
  for (const join of [copiedTogether, movedTogether]) {
    const piece = Buffer.from('a');
    expect(join([piece], 1)).toBe(piece);
    expect(join([], 0)).toHaveLength(0);
  }
});
