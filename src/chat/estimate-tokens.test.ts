import { describe, expect, test } from 'vitest';
import { estimatePromptTokens, estimateTokens } from './estimate-tokens.ts';
import { JsonDocument } from './json-document.ts';

const of = (value: unknown) => estimateTokens(Buffer.from(JSON.stringify(value)));

describe('estimateTokens', () => {
  test('Chinese costs about two thirds of a token per character, English a quarter', () => {
    expect(of('你好世界'.repeat(100)) / 400).toBeCloseTo(0.66, 1);
    expect(of('the quick brown fox '.repeat(100)) / 2000).toBeCloseTo(0.2, 1);
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
