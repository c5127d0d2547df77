import { expect, test } from 'vitest';
import { sparkline } from './sparkline.ts';

test('the largest value is a full bar, nothing is a space, the smallest something is seen', () => {
  expect(sparkline([0, 1, 50, 100], 10)).toBe(' ▁▄█');
  expect(sparkline([0, 0], 10)).toBe('  ');
  expect(sparkline([], 10)).toBe('');
});

test('more values than room are added together', () => {
  expect(sparkline([1, 1, 1, 1, 4, 4], 3)).toBe('▂▂█');
  expect(
    sparkline(
      Array.from({ length: 100 }, () => 1),
      24,
    ),
  ).toHaveLength(20);
});
