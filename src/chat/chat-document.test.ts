import { describe, expect, test } from 'vitest';
import { ChatDocument } from './chat-document.ts';
import { JsonSyntaxError } from './json-syntax-error.ts';
import { outlineOf } from './message-outline.ts';

const document = (text: string) => new ChatDocument(Buffer.from(text));

describe('ChatDocument', () => {
  test('outlines the messages that count', () => {
    const text = '{"messages":[{"role":"tool"}],"x":[1],"messages" : [ {"role":"user","content":"hi"}, 3 ] }';
    const request = document(text);
    expect(request.outline).toEqual(outlineOf(JSON.parse(text).messages));
    expect(request.get('messages')).toEqual([{ role: 'user', content: 'hi' }, 3]);
  });

  test('has no outline without messages', () => {
    expect(document('{"messages":"x"}').outline).toEqual([]);
    expect(document('{}').outline).toEqual([]);
  });

  test.each(['{"messages":[{"role":"user"]}', '{"messages":[{"role" "user"}]}', '{"messages":[{"content":[{]}]}'])(
    'refuses %j',
    (text) => {
      expect(() => document(text)).toThrow(JsonSyntaxError);
    },
  );
});

describe('members that say nothing', () => {
  test.each([
    ['null', true],
    ['""', true],
    ['[ ]', true],
    ['{}', true],
    ['0', false],
    ['" "', false],
    ['[[]]', false],
    ['false', false],
  ])('%s: %j', (value, isEmpty) => {
    expect(document(`{"a":${value}}`).isEmpty('a')).toBe(isEmpty);
  });

  test('one that is set or not there', () => {
    const request = document('{"a":1}');
    request.set('a', []);
    expect(request.isEmpty('a')).toBe(true);
    expect(request.raw('a')).toBe(undefined);
    expect(request.isEmpty('b')).toBe(false);
    request.delete('a');
    expect(request.isEmpty('a')).toBe(false);
  });
});
