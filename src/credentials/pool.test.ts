import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import { GatewayError } from '../errors.ts';
import { restAfter } from './cool-down.ts';
import { CredentialPool } from './pool.ts';

const credential = (name: string, surface = 's'): Credential => ({
  id: name,
  surface,
  secret: { reveal: () => name, toString: () => '…' },
  account: name,
  headers: {},
});
const NOBODY = new Set<string>();

function poolAt(...names: string[]) {
  let now = 1_000_000;
  const pool = new CredentialPool(
    names.map((name) => credential(name)),
    { ...systemClock, now: () => now },
  );
  return { pool, wait: (ms: number) => (now += ms), next: (avoid = NOBODY) => pool.lease('s', avoid) };
}

test('lends in turn', () => {
  const { next } = poolAt('a', 'b', 'c');
  expect([next(), next(), next(), next()].map((lease) => lease?.credential.id)).toEqual(['a', 'b', 'c', 'a']);
});

test('passes over who is to be avoided, and has nothing for an unknown surface', () => {
  const { pool, next } = poolAt('a', 'b');
  expect(next(new Set(['a']))?.credential.id).toBe('b');
  expect(next(new Set(['a', 'b']))).toBeUndefined();
  expect(pool.lease('other', NOBODY)).toBeUndefined();
});

test('a rate-limited credential rests as long as the surface asked, and success ends every rest', () => {
  const { pool, next, wait } = poolAt('a');
  next()?.failed(new GatewayError('rate_limited', { retryAfterMs: 3_000 }));
  expect(next()).toBeUndefined();
  expect(pool.nextFreeIn(['s'])).toBe(3_000);
  wait(3_000);
  const lease = next();
  expect(lease?.credential.id).toBe('a');
  lease?.succeeded();
  expect(pool.nextFreeIn(['s'])).toBeUndefined();
});

test('rests grow with failures in a row', () => {
  const { next, wait, pool } = poolAt('a');
  next()?.failed(new GatewayError('rate_limited'));
  wait(1_000);
  next()?.failed(new GatewayError('rate_limited'));
  expect(pool.nextFreeIn(['s'])).toBe(2_000);
});

test.each([
  'overloaded',
  'upstream_error',
  'upstream_unreachable',
  'client_closed',
  'content_filter',
  'stream_cut',
] as const)('%s is not the credential’s fault', (code) => {
  const { next } = poolAt('a');
  next()?.failed(new GatewayError(code));
  expect(next()?.credential.id).toBe('a');
});

test('a lease counts once, whatever is reported afterwards', () => {
  const { next } = poolAt('a');
  const lease = next();
  lease?.succeeded();
  lease?.failed(new GatewayError('upstream_auth'));
  expect(next()?.credential.id).toBe('a');
});

test('a new pool takes over the rests of the same secrets', () => {
  const { pool, next } = poolAt('a', 'b');
  next()?.failed(new GatewayError('upstream_auth'));
  const after = new CredentialPool([credential('a'), credential('b')], { ...systemClock, now: () => 1_000_000 });
  after.adopt(pool);
  expect(after.lease('s', NOBODY)?.credential.id).toBe('b');
});

test('the rest is a pure function of error, count and what was asked', () => {
  expect(restAfter('overloaded', 5)).toBe(0);
  expect(restAfter('rate_limited', 1)).toBe(1_000);
  expect(restAfter('rate_limited', 30)).toBe(60_000);
  expect(restAfter('quota_exhausted', 1, 30 * 24 * 3_600_000)).toBe(3_600_000);
  expect(restAfter('upstream_auth', 1)).toBe(300_000);
});
