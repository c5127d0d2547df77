import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';
import { parseSize } from './size.ts';

test.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['1.5 s', 1_500],
  ['250', 250],
  ['300_000', 300_000],
  [250, 250],
  ['0', 0],
])('duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(['soon', '-1s', '5 parsecs', '', '1e3', '90d', Number.NaN])('no duration: %s', (text) =>
  expect(parseDuration(text)).toBeUndefined(),
);

test.each([
  ['32MiB', 33_554_432],
  ['10mb', 10_485_760],
  ['64k', 65_536],
  [1024, 1024],
  ['1024', 1024],
])('size %s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

test.each(['big', '-1mb', '4 elephants', '9999999999gb'])('no size: %s', (text) =>
  expect(parseSize(text)).toBeUndefined(),
);
