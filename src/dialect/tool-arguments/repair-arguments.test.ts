import fc from 'fast-check';
import { expect, test } from 'vitest';
import { missingEnd, repairArguments } from './repair-arguments.ts';

test.each([
  ['{"a": 1,}', { a: 1 }],
  ['{"a": [1, 2, ], }', { a: [1, 2] }],
  ["{'a': 'it\\'s', 'b': \"x\"}", { a: "it's", b: 'x' }],
  ["{'a': 'say \"hi\"'}", { a: 'say "hi"' }],
  ['{"a": "line\nbreak\tand tab"}', { a: 'line\nbreak\tand tab' }],
  ['{"a": {"b": "c', { a: { b: 'c' } }],
  ['{"a": 1, "b":', { a: 1, b: null }],
  ['```json\n{"a": 1}\n```', { a: 1 }],
  ['{"a": True, "b": None}', { a: true, b: null }],
  ['{a: 1}', { a: 1 }],
  ['{"pattern": "\\d+"}', { pattern: '\\d+' }],
  ['', {}],
])('%j', (text, value) => {
  const repaired = repairArguments(text);
  expect(repaired?.repaired).toBe(true);
  expect(JSON.parse(repaired?.text ?? '')).toEqual(value);
});

test.each(['[1]', 'hello', '{"a": 1}}', '{]', '{"a" "b"}'])('%j is beyond repair', (text) => {
  expect(repairArguments(text)).toBeUndefined();
});

test('valid text is not touched', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = JSON.stringify(value);
      expect(repairArguments(text)).toEqual({ text, repaired: false });
    }),
  );
});

test('what is added to a text that was cut off makes it whole', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, cut) => {
      const text = JSON.stringify(value);
      const begun = text.slice(0, 1 + (cut % text.length));
      const ending = missingEnd(begun);
      if (ending !== undefined) expect(() => JSON.parse(begun + ending)).not.toThrow();
    }),
  );
});

test('any text is taken', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', "'", '\\', ',', ':', 'a', '1', ' ', '\n') }),
      (text) => {
        const repaired = repairArguments(text);
        if (repaired) expect(() => JSON.parse(repaired.text)).not.toThrow();
      },
    ),
    { numRuns: 2000 },
  );
});
