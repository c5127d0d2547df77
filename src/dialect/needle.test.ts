import { expect, test } from 'vitest';
import { occurs, preparedTexts } from './needle.ts';

test('a text is found wherever it stands, and only where all of it stands', () => {
  for (const text of ['"custom"', '[]', '"finish_reason":"', '<|', '工具"']) {
    expect(occurs(text, Buffer.from(`{"a":1}${text}`)), text).toBe(true);
    expect(occurs(text, Buffer.from(`${text}{"a":1}`)), text).toBe(true);
    expect(occurs(text, Buffer.from(text.slice(0, -1))), text).toBe(false);
  }
});

test('texts that clients choose, names of tools, are not kept for ever', () => {
  for (let tool = 0; tool < 5_000; tool++) occurs(`"tool_${tool}"`, Buffer.from('{}'));
  expect(preparedTexts()).toBeLessThanOrEqual(1_000);
});
