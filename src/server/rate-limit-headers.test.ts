import { expect, test } from 'vitest';
import { durationText } from './rate-limit-headers.ts';

test.each([
  [0, '0ms'],
  [0.4, '1ms'],
  [999, '999ms'],
  [1_000, '1s'],
  [12_500, '12.5s'],
  [60_000, '1m0s'],
  [65_001, '1m5.001s'],
])('%d ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
