import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsJsonObject, isJsonObjectText } from './escaped-json.ts';
import { outlineOf } from './message-outline.ts';
import { outlineAt } from './outline-reader.ts';
import { hasLoneSurrogate } from './raw-string.ts';

const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\n\t',
    '\u3000',
    '\ufeff \u2003',
    'x',
    '你好',
    '、',
    '"',
    '\\',
    'data:image/png;base64,iVBOR',
    '\ud800',
  ),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);
const key = fc.constantFrom(
  ...[
    'role',
    'content',
    'tool_calls',
    'tool_call_id',
    'reasoning_content',
    'reasoning',
    'function_call',
    'tools',
    'partial',
    'prefix',
    'name',
    'x',
  ],
);
const jsonText = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
  fc.jsonValue().map((value) => JSON.stringify(value, null, 2)),
  fc.constantFrom(
    '',
    ' { } ',
    '{"a":1',
    '{"a":1,}',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":01}',
    '{"a":-1.5e+3}x',
    '[]',
    '{"\\u12g4":1}',
  ),
);
const part = fc.oneof(
  fc.record(
    {
      type: fc.constantFrom('text', 'image_url', 'video_url', 'thinking'),
      text,
      image_url: fc.oneof(text, fc.record({ url: text })),
      video_url: fc.oneof(fc.record({ url: text }, { requiredKeys: [] }), fc.jsonValue()),
    },
    { requiredKeys: ['type'] },
  ),
  fc.jsonValue(),
);
const call = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { id: text, type: text, function: fc.record({ name: text, arguments: jsonText }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const value = fc.oneof(
  text,
  fc.array(part),
  fc.array(call),
  fc.jsonValue(),
  fc.constantFrom('system', 'user', 'assistant', 'tool'),
);
const messages = fc.array(
  fc.oneof({ weight: 8, arbitrary: fc.dictionary(key, value) }, { weight: 1, arbitrary: fc.jsonValue() }),
);

/** As Python's json.dumps writes it, and PHP's json_encode. */
const asciiOnly = (json: string) =>
  json
    .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');

function outlined(json: string) {
  return outlineAt(Buffer.from(`[0,${json}]`), 3);
}

describe('the outline', () => {
  test('is the same from the bytes and from the parsed messages', () => {
    fc.assert(
      fc.property(messages, fc.constantFrom(undefined, 1, '\t'), fc.boolean(), (history, indent, ascii) => {
        const plain = JSON.stringify(history, null, indent);
        const json = ascii ? asciiOnly(plain) : plain;
        const seen: unknown = JSON.parse(Buffer.from(json).toString());
        expect(outlined(json)).toEqual(outlineOf(seen));
      }),
      { numRuns: 2_000 },
    );
  });

  test('what is no array has none', () => {
    expect(outlined('{"role":"user"}')).toEqual([]);
    expect(outlineOf(undefined)).toEqual([]);
  });

  test('the last of two equal keys counts', () => {
    const json = '[{"tool_calls":3,"content":[1],"tool_calls":[],"content":"x","tool_call_id":1,"tool_call_id":"a"}]';
    expect(outlined(json)).toEqual(outlineOf(JSON.parse(json)));
  });
});

describe('holdsJsonObject', () => {
  test('agrees with decoding and parsing', () => {
    fc.assert(
      fc.property(jsonText, fc.boolean(), (inner, ascii) => {
        const outer = Buffer.from(ascii ? asciiOnly(JSON.stringify(inner)) : JSON.stringify(inner));
        expect(holdsJsonObject(outer, 0, outer.length)).toBe(isJsonObjectText(inner));
      }),
      { numRuns: 2_000 },
    );
  });

  test('agrees for texts that are nearly JSON', () => {
    const near = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', '1', '-', '\n', ' ', 'u0041', 'null'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(near, (pieces) => {
        const inner = `{"k":${pieces.join('')}}`;
        const outer = Buffer.from(JSON.stringify(inner));
        expect(holdsJsonObject(outer, 0, outer.length)).toBe(isJsonObjectText(inner));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('hasLoneSurrogate', () => {
  test('agrees with the decoded strings', () => {
    const units = fc.array(fc.constantFrom('\ud83d', '\ude00', 'x', '\\', '\\ud83d', '\ud7ff'), { maxLength: 8 });
    fc.assert(
      fc.property(units, (pieces) => {
        const decoded = pieces.join('');
        const json = asciiOnly(JSON.stringify(decoded));
        expect(hasLoneSurrogate(Buffer.from(json))).toBe(!decoded.isWellFormed());
        expect(hasLoneSurrogate(Buffer.from(json.replaceAll('\\ud8', '\\uD8')))).toBe(!decoded.isWellFormed());
      }),
      { numRuns: 2_000 },
    );
  });
});
