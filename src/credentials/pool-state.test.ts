import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { credential, poolOf } from './fixture.ts';
import type { PoolState } from './pool-state.ts';

const DAY = 24 * 3_600_000;
const all = () => [credential('a', { account: 'x' }), credential('b')];

function rested(code: 'quota_exhausted' | 'rate_limited' | 'upstream_auth', askedMs?: number) {
  const before = poolOf(all());
  before.take().failed(new GatewayError(code, askedMs === undefined ? {} : { retryAfterMs: askedMs }));
  return { before, state: JSON.parse(JSON.stringify(before.pool.snapshot())) as PoolState };
}

test('a rest survives a restart and no longer than it would have lasted', async () => {
  const { state } = rested('quota_exhausted', 20 * 60_000);
  const after = poolOf(all());
  after.pool.restore(state);
  expect(after.rests('a')).toMatchObject({ because: 'quota_exhausted', end: 'probe' });
  expect([after.take(), after.take()].map((lease) => lease.credential.id)).toEqual(['b', 'b']);
  await after.clock.advance(20 * 60_000);
  after.take({ never: new Set(['b']) }).succeeded();
  expect(after.rests('a')).toBeUndefined();
});

test('a rest that was over meanwhile is not restored, a failed proof is still owed', () => {
  for (const [code, rest] of [
    ['rate_limited', undefined],
    ['quota_exhausted', undefined],
  ] as const) {
    const { state } = rested(code);
    const after = poolOf(all());
    after.clock.skew += 2 * DAY;
    after.pool.restore(state);
    expect(after.take({ never: new Set(['b']) }).credential.id).toBe('a');
    expect(after.rests('a')).toBe(rest);
  }
});

test('another secret under the same name is another credential', () => {
  const { state } = rested('upstream_auth');
  const changed = { ...credential('a', { account: 'x' }), secret: { reveal: () => 'new', toString: () => '…' } };
  const after = poolOf([changed]);
  after.pool.restore(state);
  expect(after.take().credential.id).toBe('a');
});

test('a clock that was a year ahead does not make a rest last a year', async () => {
  const { state } = rested('quota_exhausted');
  const after = poolOf(all());
  after.clock.skew -= 365 * DAY;
  after.pool.restore(state);
  expect(() => after.take({ never: new Set(['b']) })).toThrow('no place');
  await after.clock.advance(30 * 60_000);
  expect(after.take({ never: new Set(['b']) }).credential.id).toBe('a');
});

test('a clock that is set back while it runs does not either', async () => {
  const { before } = rested('quota_exhausted');
  before.clock.skew -= 365 * DAY;
  expect(() => before.take({ never: new Set(['b']) })).toThrow('no place');
  await before.clock.advance(30 * 60_000);
  expect(before.take({ never: new Set(['b']) }).credential.id).toBe('a');
});

test('a rest for good is proved again after a restart a day later', async () => {
  const { before } = rested('upstream_auth');
  await before.clock.advance(60_000);
  before.take({ never: new Set(['b']) }).failed(new GatewayError('upstream_auth'));
  const state = before.pool.snapshot();
  const soon = poolOf(all());
  soon.clock.skew += 60_000 + 3_600_000;
  soon.pool.restore(state);
  expect(soon.rests('a')).toMatchObject({ end: 'hand' });
  const late = poolOf(all());
  late.clock.skew += 2 * DAY;
  late.pool.restore(state);
  expect(late.take({ never: new Set(['b']) }).credential.id).toBe('a');
});
