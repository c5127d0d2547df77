import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

test.each([
  ['lsiten', 'listen'],
  ['allowedOrigins', 'allowed_origins'],
  ['surface', 'surfaces'],
  ['kimi_code', 'kimi-code'],
])('%s is near %s', (word, meant) => {
  expect(nearest(word, ['listen', 'allowed_origins', 'surfaces', 'kimi-code'])).toBe(meant);
});

test('says nothing where nothing is near', () => {
  expect(didYouMean('banana', ['listen', 'routes'])).toBe('');
  expect(didYouMean('x'.repeat(101), ['listen'])).toBe('');
});
