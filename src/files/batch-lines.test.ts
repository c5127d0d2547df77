import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { BatchLines, type LineRepair } from './batch-lines.ts';

/** Whatever says `old` becomes `newer`, which is longer. */
const renaming: LineRepair = (line) => {
  const text = line.toString();
  if (text.includes('broken')) throw new GatewayError('invalid_json', { message: 'it is broken' });
  return text.includes('old')
    ? { bytes: Buffer.from(text.replace('old', 'newer')), done: ['old sent as newer'] }
    : undefined;
};

const row = (id: string, said: string) => JSON.stringify({ custom_id: id, body: { said } });

function pass(text: string, size: number, longest?: number) {
  const lines = new BatchLines(renaming, longest);
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(...lines.push(bytes.subarray(at, at + size)));
  out.push(...lines.end());
  return { lines, text: Buffer.concat(out).toString() };
}

test.each([1, 3, 17, 10_000])('lines come out whole, in pieces of %i', (size) => {
  for (const end of ['', '\n', '\r\n', '\n\n']) {
    const given = `${row('a', 'old 你好')}\n${row('b', 'x')}\r\n\n${row('c', 'old')}${end}`;
    const { lines, text } = pass(given, size);
    expect(text).toBe(given.replaceAll('old', 'newer'));
    expect(lines.changed).toBe(2);
    expect(lines.notes()).toEqual(['2 of 3 lines changed: old sent as newer (2)']);
  }
});

test.each([1, 10_000])('a file of another kind passes as it came, in pieces of %i', (size) => {
  for (const given of [
    'old\nold',
    '  old',
    '[{"custom_id":"old"}]',
    '{"a":"old"}\n{"custom_id":"old"}\nold',
    '',
    '\n\n',
  ]) {
    const { lines, text } = pass(given, size);
    expect(text).toBe(given);
    expect(lines.notes()).toEqual([]);
  }
});

test('a line that is too long, or that cannot be read, passes and is told of', () => {
  const long = row('b', `old${'x'.repeat(200)}`);
  const bad = [1, 2, 3, 4].map((id) => row(`${id}`, 'broken'));
  const { lines, text } = pass([row('a', 'old'), long, ...bad, row('z', 'old')].join('\n'), 7, 100);
  expect(text).toBe([row('a', 'newer'), long, ...bad, row('z', 'newer')].join('\n'));
  expect(lines.notes()).toEqual([
    '2 of 7 lines changed: old sent as newer (2)',
    'line 2 sent as it came: it is longer than 100 bytes',
    'line 3 sent as it came: it is broken',
    'line 4 sent as it came: it is broken',
    '2 more sent as they came',
  ]);
});

test('what the owner refuses is told with its line', () => {
  const lines = new BatchLines(() => {
    throw new GatewayError('strict_repairs', { message: 'No.' });
  });
  expect(() => lines.push(Buffer.from(`${row('a', 'x')}\n`))).toThrow('In line 1 of the file: No.');
});
