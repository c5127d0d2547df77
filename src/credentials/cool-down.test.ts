import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTIONS, type Action, actionOf } from '../atlas/index.ts';
import { ERRORS, type ErrorCode, GatewayError } from '../errors.ts';
import { LONGEST_REST_MS, restAfter } from './cool-down.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test.each<[Action, { failures?: number; askedMs?: number; random?: number }, unknown]>([
  ['try_again', { failures: 5 }, undefined],
  ['repair', {}, undefined],
  ['give_up', {}, undefined],
  ['other_surface', { askedMs: DAY }, undefined],
  ['slow_down', {}, { scope: 'account', ms: 1_000, end: 'open' }],
  ['slow_down', { failures: 3 }, { scope: 'account', ms: 4_000, end: 'open' }],
  ['slow_down', { failures: 60 }, { scope: 'account', ms: MINUTE, end: 'open' }],
  ['slow_down', { random: 0.5 }, { scope: 'account', ms: 1_050, end: 'open' }],
  ['slow_down', { askedMs: 3_000 }, { scope: 'account', ms: 3_000, end: 'open' }],
  ['slow_down', { failures: 4, askedMs: 1_000 }, { scope: 'account', ms: 8_000, end: 'open' }],
  ['slow_down', { askedMs: DAY }, { scope: 'account', ms: LONGEST_REST_MS, end: 'probe' }],
  ['fewer_at_once', {}, { scope: 'account', ms: 1_000, end: 'open' }],
  ['fewer_at_once', { failures: 9 }, { scope: 'account', ms: 10_000, end: 'open' }],
  ['await_quota', {}, { scope: 'account', ms: 5 * MINUTE, end: 'probe' }],
  ['await_quota', { askedMs: 1_000 }, { scope: 'account', ms: 5 * MINUTE, end: 'probe' }],
  ['await_quota', { failures: 9 }, { scope: 'account', ms: 30 * MINUTE, end: 'probe' }],
  ['await_quota', { askedMs: 30 * DAY }, { scope: 'account', ms: 30 * MINUTE, end: 'probe' }],
  ['prove', {}, { scope: 'credential', ms: MINUTE, end: 'probe' }],
  ['prove', { failures: 2 }, { scope: 'credential', ms: LONGEST_REST_MS, end: 'hand' }],
  ['close', {}, { scope: 'account', ms: LONGEST_REST_MS, end: 'hand' }],
  ['look_again', {}, { scope: 'credential', ms: 5 * MINUTE, end: 'probe' }],
  ['other_model', {}, { scope: 'model', ms: 10 * MINUTE, end: 'open' }],
])('%s with %o: %o', (action, { failures = 1, random = 0, askedMs }, expected) => {
  expect(restAfter(action, { failures, random, askedMs })).toEqual(expected);
});

/** What each error does to a credential that fails for the first time: who rests, how long, and how that ends. */
test.each<[ErrorCode, string]>([
  ['upstream_auth', 'credential 60 s, probe'],
  ['upstream_permission', 'credential 300 s, probe'],
  ['account_terminated', 'account 1800 s, hand'],
  ['quota_exhausted', 'account 300 s, probe'],
  ['rate_limited', 'account 1 s, open'],
  ['concurrency_limited', 'account 1 s, open'],
  ['upstream_model_not_found', 'model 600 s, open'],
])('%s: %s', (code, expected) => {
  const rest = restAfter(actionOf(new GatewayError(code)), { failures: 1, random: 0 });
  expect(`${rest?.scope} ${(rest?.ms ?? 0) / 1_000} s, ${rest?.end}`).toBe(expected);
});

test('every other error leaves the credential alone', () => {
  const resting = (Object.keys(ERRORS) as ErrorCode[]).filter((code) =>
    restAfter(actionOf(new GatewayError(code)), { failures: 1, random: 0 }),
  );
  expect(resting).toHaveLength(7);
});

const actions = fc.constantFrom(...(Object.keys(ACTIONS) as Action[]));
const histories = fc.record({
  failures: fc.integer({ min: 1, max: 1_000 }),
  askedMs: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

test('no rest is negative or longer than the longest, whatever was asked; the same always follows from the same', () => {
  fc.assert(
    fc.property(actions, histories, (action, history) => {
      const decision = restAfter(action, history);
      expect(restAfter(action, history)).toEqual(decision);
      return decision === undefined || (decision.ms >= 0 && decision.ms <= LONGEST_REST_MS);
    }),
  );
});

test('more failures never mean a shorter rest, nor does a longer pause that was asked for', () => {
  fc.assert(
    fc.property(actions, histories, fc.integer({ min: 1, max: 50 }), (action, history, more) => {
      const ms = (changes: object) => restAfter(action, { ...history, ...changes })?.ms ?? 0;
      expect(ms({ failures: history.failures + more })).toBeGreaterThanOrEqual(ms({}));
      expect(ms({ askedMs: Math.max(history.askedMs ?? 0, 0) + more })).toBeGreaterThanOrEqual(ms({}));
    }),
  );
});

test('a rest whose cause was told to last longer than the longest is proved, not believed', () => {
  fc.assert(
    fc.property(actions, histories, (action, history) => {
      const decision = restAfter(action, history);
      return decision === undefined || (history.askedMs ?? 0) <= LONGEST_REST_MS || decision.end !== 'open';
    }),
  );
});
