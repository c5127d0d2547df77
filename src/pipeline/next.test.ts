import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { nextStep } from './next.ts';

const tried = {
  attempts: 1,
  maxAttempts: 3,
  othersLeft: false,
  anyLeft: false,
  firstPauseMs: 500,
  longestPauseMs: 5_000,
  random: 0,
};

test.each([
  ['content_filter', { othersLeft: true }, { step: 'give-up' }],
  ['upstream_refused', { othersLeft: true }, { step: 'give-up' }],
  ['upstream_auth', { othersLeft: true }, { step: 'other' }],
  ['upstream_auth', {}, { step: 'give-up' }],
  ['quota_exhausted', {}, { step: 'give-up' }],
  ['quota_exhausted', { anyLeft: true }, { step: 'wait', ms: 500 }],
  ['overloaded', { othersLeft: true }, { step: 'other' }],
  ['overloaded', {}, { step: 'wait', ms: 500 }],
  ['overloaded', { attempts: 2 }, { step: 'wait', ms: 1_000 }],
  ['overloaded', { attempts: 3 }, { step: 'give-up' }],
  ['overloaded', { random: 1 }, { step: 'wait', ms: 625 }],
  ['overloaded', { attempts: 8, maxAttempts: 9 }, { step: 'wait', ms: 5_000 }],
  ['stream_cut', {}, { step: 'wait', ms: 500 }],
  ['stream_cut', { firstPauseMs: 0 }, { step: 'wait', ms: 0 }],
] as const)('after %s with %o: %o', (code, changes, expected) => {
  expect(nextStep(new GatewayError(code), { ...tried, ...changes })).toEqual(expected);
});

test('waits as long as the surface asks, and leaves long waits to the client', () => {
  expect(nextStep(new GatewayError('rate_limited', { retryAfterMs: 1_000 }), tried)).toEqual({
    step: 'wait',
    ms: 1_000,
  });
  expect(nextStep(new GatewayError('rate_limited', { retryAfterMs: 60_000 }), tried)).toEqual({ step: 'give-up' });
});
