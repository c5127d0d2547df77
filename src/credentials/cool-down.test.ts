import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { LONGEST_REST_MS, type RestCode, restAfter } from './cool-down.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test.each<[RestCode, { failures?: number; askedMs?: number; random?: number }, unknown]>([
  ['overloaded', { failures: 5 }, undefined],
  ['upstream_error', {}, undefined],
  ['upstream_unreachable', {}, undefined],
  ['stream_cut', {}, undefined],
  ['content_filter', {}, undefined],
  ['upstream_refused', {}, undefined],
  ['client_closed', {}, undefined],
  ['rate_limited', {}, { scope: 'account', ms: 1_000, end: 'open' }],
  ['rate_limited', { failures: 3 }, { scope: 'account', ms: 4_000, end: 'open' }],
  ['rate_limited', { failures: 60 }, { scope: 'account', ms: MINUTE, end: 'open' }],
  ['rate_limited', { random: 0.5 }, { scope: 'account', ms: 1_050, end: 'open' }],
  ['rate_limited', { askedMs: 3_000 }, { scope: 'account', ms: 3_000, end: 'open' }],
  ['rate_limited', { failures: 4, askedMs: 1_000 }, { scope: 'account', ms: 8_000, end: 'open' }],
  ['quota_exhausted', { askedMs: 1_000 }, { scope: 'account', ms: 5 * MINUTE, end: 'probe' }],
  ['rate_limited', { askedMs: DAY }, { scope: 'account', ms: LONGEST_REST_MS, end: 'probe' }],
  ['concurrency_limited', {}, { scope: 'account', ms: 1_000, end: 'open' }],
  ['concurrency_limited', { failures: 9 }, { scope: 'account', ms: 10_000, end: 'open' }],
  ['quota_exhausted', {}, { scope: 'account', ms: 5 * MINUTE, end: 'probe' }],
  ['quota_exhausted', { failures: 9 }, { scope: 'account', ms: 30 * MINUTE, end: 'probe' }],
  ['quota_exhausted', { askedMs: 30 * DAY }, { scope: 'account', ms: 30 * MINUTE, end: 'probe' }],
  ['upstream_auth', {}, { scope: 'credential', ms: MINUTE, end: 'probe' }],
  ['upstream_auth', { failures: 2 }, { scope: 'credential', ms: LONGEST_REST_MS, end: 'hand' }],
  ['account_terminated', {}, { scope: 'account', ms: LONGEST_REST_MS, end: 'hand' }],
  ['upstream_permission', {}, { scope: 'credential', ms: 5 * MINUTE, end: 'probe' }],
  ['upstream_model_not_found', {}, { scope: 'model', ms: 10 * MINUTE, end: 'open' }],
])('%s with %o: %o', (code, { failures = 1, random = 0, askedMs }, expected) => {
  expect(restAfter(code, { failures, random, askedMs })).toEqual(expected);
});

test('no rest is negative or longer than the longest, whatever was asked', () => {
  const codes = fc.constantFrom(...(Object.keys(ERRORS) as ErrorCode[]));
  const asked = fc.option(fc.double({ noNaN: true }), { nil: undefined });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(codes, fc.integer({ min: 1, max: 1_000 }), asked, random, (code, failures, askedMs, chance) => {
      const decision = restAfter(code, { failures, askedMs, random: chance });
      return decision === undefined || (decision.ms >= 0 && decision.ms <= LONGEST_REST_MS);
    }),
  );
});
