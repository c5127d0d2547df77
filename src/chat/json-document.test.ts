import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonDocument } from './json-document.ts';
import { JsonSyntaxError } from './json-syntax-error.ts';

const document = (text: string) => new JsonDocument(Buffer.from(text));

describe('JsonDocument', () => {
  test('an untouched document is the same buffer', () => {
    const bytes = Buffer.from('{ "a" : 1 }');
    expect(new JsonDocument(bytes).toBytes()).toBe(bytes);
  });

  test('keeps the bytes of what is not changed', () => {
    const doc = document('{"big":  {"x":"\\u00e4 \\" }"} , "temperature":1.70,"last":1e2}');
    doc.delete('temperature');
    expect(doc.toBytes().toString()).toBe('{"big":  {"x":"\\u00e4 \\" }"},"last":1e2}');
  });

  test('copies the unchanged elements of a changed array', () => {
    const doc = document('{"messages":[{"role":"user","content" : "\\u4f60"},{"role":"developer"},3]}');
    const messages = doc.get('messages') as Record<string, unknown>[];
    doc.set('messages', [messages[0], { role: 'system' }, messages[2]]);
    expect(doc.toBytes().toString()).toBe('{"messages":[{"role":"user","content" : "\\u4f60"},{"role":"system"},3]}');
  });

  test('the last of two equal keys counts', () => {
    const doc = document('{"a":1,"b":2,"a":3}');
    expect(doc.get('a')).toBe(3);
    expect(doc.toBytes().toString()).toBe('{"b":2,"a":3}');
  });

  test('set after delete, delete after set, emptying', () => {
    const doc = document('{"a":1}');
    doc.delete('a');
    expect(doc.toBytes().toString()).toBe('{}');
    doc.set('a', null);
    doc.set('b', 'x');
    expect(doc.toObject()).toEqual({ a: null, b: 'x' });
    doc.delete('b');
    expect(doc.keys()).toEqual(['a']);
  });

  test.each([
    '',
    '[]',
    '{"a":1',
    '{"a" 1}',
    '{"a":1} x',
    '{a:1}',
    '{"a":"x}',
    '{"a":[1,2}',
    '{"a":}',
    '{"a":1,}',
    'nul',
  ])('refuses %j', (text) => {
    expect(() => document(text)).toThrow(JsonSyntaxError);
  });

  test('a malformed value is found when it is read', () => {
    const doc = document('{"a":[1,,2]}');
    expect(() => doc.get('a')).toThrow(JsonSyntaxError);
  });

  test('reads what JSON.parse reads, for any object and any white space', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()),
        fc.constantFrom(0, 1, '\t'),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(document(text).toObject()).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  test('writing back changes only what was set', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.jsonValue(),
        (value, key, replacement) => {
          const doc = JsonDocument.from(value);
          doc.set(key, replacement);
          expect(JSON.parse(doc.toBytes().toString())).toEqual(
            JSON.parse(JSON.stringify({ ...value, [key]: replacement })),
          );
        },
      ),
    );
  });
});

test('long strings with escapes at every place around the native search', () => {
  for (let length = 40; length < 120; length++) {
    const text = `${'x'.repeat(length)}\\"${'y'.repeat(60)}\\\\`;
    expect(document(`{"a":"${text}","b":1}`).keys()).toEqual(['a', 'b']);
  }
});

test('an object with many members is the same object with an index', () => {
  const value = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`member${index}`, index]));
  const doc = document(`${JSON.stringify(value).slice(0, -1)},"member3":"twin"}`);
  doc.delete('member7');
  doc.set('member8', 'other');
  doc.set('new', true);
  doc.delete('new');
  const expected = JSON.parse(doc.toBytes().toString());
  expect(doc.toObject()).toEqual(expected);
  expect([doc.get('member3'), doc.has('member7'), doc.get('member8'), doc.has('new')]).toEqual([
    'twin',
    false,
    'other',
    false,
  ]);
});
