import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { nextStep } from './next.ts';

const tried = {
  tries: 1,
  maxTries: 30,
  round: 1,
  maxRounds: 3,
  elapsedMs: 0,
  withinMs: 60_000,
  othersLeft: false,
  othersSoon: false,
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
  ['overloaded', { round: 2, tries: 9 }, { step: 'wait', ms: 1_000 }],
  ['overloaded', { round: 3 }, { step: 'give-up' }],
  ['overloaded', { round: 3, othersLeft: true }, { step: 'other' }],
  ['overloaded', { tries: 30, othersLeft: true }, { step: 'give-up' }],
  ['overloaded', { elapsedMs: 60_000, othersLeft: true }, { step: 'give-up' }],
  ['overloaded', { elapsedMs: 59_800 }, { step: 'give-up' }],
  ['upstream_too_large', { othersLeft: true }, { step: 'other' }],
  ['upstream_too_large', {}, { step: 'give-up' }],
  ['overloaded', { random: 1 }, { step: 'wait', ms: 625 }],
  ['overloaded', { round: 8, maxRounds: 9 }, { step: 'wait', ms: 5_000 }],
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
  const long = new GatewayError('rate_limited', { retryAfterMs: 60_000 });
  expect(nextStep(long, tried)).toEqual({ step: 'give-up' });
  expect(nextStep(long, { ...tried, othersSoon: true })).toEqual({ step: 'wait', ms: 500 });
});
