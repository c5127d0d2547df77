import { expect, test } from 'vitest';
import { credential, poolOf } from '../fixture.ts';

const counted = (ids: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
};

test('weighted: shares by weight, spread evenly, and weight 0 only when nobody else can', () => {
  const { take, pool } = poolOf(
    [credential('a', { weight: 5 }), credential('b', { weight: 1 }), credential('c'), credential('d', { weight: 0 })],
    { strategies: { s: 'weighted' } },
  );
  const ids = Array.from({ length: 7 }, () => take().credential.id);
  expect(ids.join('')).toBe('aabacaa');
  for (const id of ['a', 'b', 'c']) pool.setEnabled(id, false);
  expect(take().credential.id).toBe('d');
});

test('least busy: the account with the fewest calls in flight, not the key', () => {
  const { take } = poolOf([credential('a', { account: 'x' }), credential('b', { account: 'x' }), credential('c')], {
    strategies: { s: 'least_busy' },
  });
  expect([take(), take(), take(), take()].map((lease) => lease.credential.id)).toEqual(['a', 'c', 'b', 'c']);
});

test('sticky: a key stays with its account; removing one moves only its own keys; a full one spills', () => {
  const names = Array.from({ length: 8 }, (_, index) => `credential-${index}`);
  const keys = Array.from({ length: 4_000 }, (_, index) => `conversation ${index}`);
  const { take, pool } = poolOf(
    names.map((name) => credential(name)),
    { strategies: { s: 'sticky' } },
  );
  const homes = () =>
    keys.map((stickyKey) => {
      const lease = take({ stickyKey });
      lease.succeeded();
      return lease.credential.id;
    });
  const before = homes();
  expect(homes()).toEqual(before);
  for (const count of Object.values(counted(before))) expect(Math.abs(count - 500)).toBeLessThan(100);
  pool.remove('credential-3');
  const after = homes();
  expect(after.filter((id, index) => id !== before[index] && before[index] !== 'credential-3')).toEqual([]);
  const moved = after.filter((_, index) => before[index] === 'credential-3');
  expect(Object.keys(counted(moved))).toHaveLength(7);
});

test('sticky: spills when the home is full, and goes in turn without a key', () => {
  const limits = { concurrency: 1 };
  const { take } = poolOf([credential('a', { limits }), credential('b', { limits }), credential('c', { limits })], {
    strategies: { s: 'sticky' },
  });
  const first = take({ stickyKey: 'k' });
  const second = take({ stickyKey: 'k' });
  expect(second.credential.id).not.toBe(first.credential.id);
  first.succeeded();
  expect(take({ stickyKey: 'k' }).credential.id).toBe(first.credential.id);
  second.succeeded();
  expect([take(), take()].map((lease) => lease.credential.id)).not.toContain(first.credential.id);
});
