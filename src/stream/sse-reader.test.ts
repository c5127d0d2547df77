import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SseReader, splitEvents } from './sse-reader.ts';

function read(pieces: Buffer[], limit = 10_000): (string | undefined)[] {
  const reader = new SseReader(limit);
  const data: (string | undefined)[] = [];
  for (const piece of pieces) {
    const run = reader.push(piece);
    if (run) data.push(...splitEvents(run).map((event) => event.data));
  }
  return data;
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

const TEXT = ': comment\n\ndata: {"a":"你好"}\n\nevent: x\ndata:1\ndata\ndata:  3\n\nid: 4\n\ndata: [DONE]\n\n';
const DATA = [undefined, '{"a":"你好"}', '1\n\n 3', undefined, '[DONE]'];

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
])('line ends %s', (name, end) => {
  const bytes = Buffer.from(TEXT.replaceAll('\n', end));
  // A lone CR at the end may be half of a CRLF, so the last event of a CR stream needs one byte more to be complete.
  const input = name === 'CR' ? Buffer.concat([bytes, Buffer.from(':')]) : bytes;

  test.each([1, 2, 3, 4, 5, 6, 7, 1000])('in pieces of %i bytes', (size) => {
    expect(read(cut(input, size))).toEqual(DATA);
  });

  test('cut once at every byte', () => {
    for (let at = 0; at <= input.length; at++) {
      expect(read([input.subarray(0, at), input.subarray(at)])).toEqual(DATA);
    }
  });
});

test('the events together are the bytes that came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 })), fc.constantFrom('\n', '\r\n'), (sizes, end) => {
      const bytes = Buffer.from(TEXT.replaceAll('\n', end));
      const reader = new SseReader(1000);
      const out: Buffer[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        const run = reader.push(bytes.subarray(at, at + size));
        at += size;
        if (run) out.push(...splitEvents(run).map((event) => event.raw));
      }
      expect(Buffer.concat(out).equals(bytes)).toBe(true);
    }),
  );
});

test('a byte order mark is dropped, also when it is cut', () => {
  const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('data: 1\n\n')]);
  for (const size of [1, 2, 3, 100]) expect(read(cut(bytes, size))).toEqual(['1']);
});

test('an event may be as large as the limit and not larger', () => {
  const event = (size: number) => Buffer.from(`data: ${'x'.repeat(size)}`);
  const reader = new SseReader(100);
  expect(reader.push(event(94))).toBeUndefined();
  expect(reader.push(Buffer.from('\n\n'))?.length).toBe(102);
  expect(() => new SseReader(100).push(event(95))).toThrow(/more than 100 bytes/);
});

test('what is left of an unfinished event can be asked for', () => {
  const reader = new SseReader(100);
  reader.push(Buffer.from('data: 1\n\ndata: 2'));
  expect(reader.rest()?.toString()).toBe('data: 2');
  expect(reader.rest()).toBeUndefined();
});

test('a giant event in small pieces takes linear time', () => {
  const reader = new SseReader(20_000_000);
  const piece = Buffer.alloc(64 * 1024, 'x');
  for (let i = 0; i < 64; i++) expect(reader.push(piece)).toBeUndefined();
  expect(reader.push(Buffer.from('\n\n'))?.length).toBe(64 * 64 * 1024 + 2);
});
