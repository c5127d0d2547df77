import { describe, expect, test } from 'vitest';
import { estimatePromptTokens, estimateTokens } from './estimate-tokens.ts';
import { JsonDocument } from './json-document.ts';

const of = (value: unknown) => estimateTokens(Buffer.from(JSON.stringify(value)));

/** Counted with the vocabulary in MoonshotAI/Kimi-Vendor-Verifier, beam/tokenizer. */
const COUNTED: readonly (readonly [text: string, tokens: number])[] = [
  ['The quick brown fox jumps over the lazy dog.', 10],
  ['今天天气真好，我们一起去公园散步吧。人工智能技术正在快速发展，改变着我们的生活方式。', 18],
  ['const x = 12345;\n    return x;\n', 11],
  ['{"city": "北京"}', 6],
  ['3.14159265358979323846264338327950288', 14],
  ['a1b2c3d4-e5f6-7890-abcd-ef1234567890', 23],
  ['hello_world fooBarBaz HTTPServerError', 9],
];

describe('estimateTokens', () => {
  test.each(COUNTED)('%j', (text, tokens) => {
    const bytes = Buffer.from(text);
    expect(Math.abs(estimateTokens(bytes) / tokens - 1)).toBeLessThan(0.4);
  });

  test('what is no word costs more than one', () => {
    const base64 = Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 7_919) % 256)).toString('base64');
    // 527 by the vocabulary.
    expect(estimateTokens(Buffer.from(base64))).toBeGreaterThan(350);
  });

  test('it does not matter how a character is written', () => {
    expect(estimateTokens(Buffer.from('"\\u4f60\\u597d"'))).toBeCloseTo(of('你好'));
  });

  test('a picture in the request counts as one, whatever its size', () => {
    const part = (size: number) => ({ image_url: { url: `data:image/png;base64,${'A'.repeat(size)}` } });
    expect(of(part(1_000_000))).toBe(of(part(10)));
    expect(of([part(10), part(10)])).toBeGreaterThan(2_000);
  });

  test('a prompt is messages, tools and the wanted format, as they are now', () => {
    const messages = [{ role: 'user', content: 'hello' }];
    const request = JsonDocument.from({
      model: 'm',
      messages,
      tools: [{ x: 'y'.repeat(400) }],
      metadata: 'z'.repeat(4000),
    });
    const before = estimatePromptTokens(request);
    expect(before).toBeGreaterThan(90);
    expect(before).toBeLessThan(150);
    request.delete('tools');
    expect(estimatePromptTokens(request)).toBeLessThan(30);
    request.set('messages', [...messages, { role: 'user', content: '字'.repeat(100) }]);
    expect(estimatePromptTokens(request)).toBeGreaterThan(60);
  });
});
