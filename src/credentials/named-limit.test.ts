import { expect, test } from 'vitest';
import { limitInSentence, limitsInHeaders } from './named-limit.ts';

const sentence = (measure: string, value: string) =>
  `Your account org-1<ak-2> request reached organization max ${measure}: ${value}, please try again after 1 seconds`;

test.each([
  [sentence('RPM', '3'), { measure: 'rpm', value: 3 }],
  [sentence('concurrency', '50'), { measure: 'concurrency', value: 50 }],
  [sentence('TPM', '2000000'), { measure: 'tpm', value: 2_000_000 }],
  [sentence('TPD', '1500000'), { measure: 'tpd', value: 1_500_000 }],
  [sentence('RPM', '0'), undefined],
  [sentence('images', '3'), undefined],
  ['Organization Rate limit exceeded, please try again after 1 seconds', undefined],
  ['The max RPM: 3 is what the user wrote', undefined],
])('%s', (text, expected) => {
  expect(limitInSentence(text)).toEqual(expected);
});

test('headers name limits by the names that OpenAI uses, and nothing else counts', () => {
  expect(limitsInHeaders({ 'x-ratelimit-limit-requests': '200', 'x-ratelimit-limit-tokens': '2000000' })).toEqual([
    { measure: 'rpm', value: 200 },
    { measure: 'tpm', value: 2_000_000 },
  ]);
  expect(limitsInHeaders({ 'x-ratelimit-limit': '5', 'x-ratelimit-limit-requests': '-1' })).toBeUndefined();
  expect(limitsInHeaders({ 'x-ratelimit-limit-requests': '0' })).toBeUndefined();
});
