import { describe, expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { credential, poolOf, request } from './fixture.ts';
import { organisationIn } from './organisation.ts';
import { CredentialPool } from './pool.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const limited = (organisation: string) =>
  new GatewayError('rate_limited', {
    message: `Your account ${organisation}<ak-1> request reached organization max RPM: 3, please try again after 1 seconds`,
    retryAfterMs: 1_000,
  });

test.each([
  ['Your account org-1a2b<ak-9> request reached organization max RPM: 3, please try again after 1 seconds', 'org-1a2b'],
  ['Your account org-1a2b<ak-9> is suspended due to insufficient balance', 'org-1a2b'],
  ['You exceeded your current token quota: <org-1a2b> 0, please check your account balance', 'org-1a2b'],
  ['Invalid request: the user wrote "Your account org-1a2b<ak-9>"', undefined],
  ['Organization Rate limit exceeded, please try again after 1 seconds', undefined],
])('%s', (sentence, expected) => {
  expect(organisationIn(sentence)).toBe(expected);
});

describe('credentials whose account nobody configured', () => {
  test('are one account when the vendor names the same organisation: limits, rests and calls under way are shared', async () => {
    const { take, wait, pool, clock } = poolOf([credential('a'), credential('b'), credential('c')]);
    const [a, b, c] = [take(), take(), take()];
    const running = take({ never: new Set(['a', 'c']) });
    a.failed(limited('org-1'));
    b.failed(limited('org-1'));
    const accounts = () =>
      pool.view()[0]?.accounts.map(({ account, identity, inFlight }) => [account, identity, inFlight]);
    expect(accounts()).toEqual([
      ['a', 'org-1', 1],
      ['c', undefined, 1],
    ]);
    expect(take().credential.id).toBe('c');
    c.succeeded();
    const coming = wait({ never: new Set(['c']), waitMs: 120_000 });
    await clock.advance(62_000);
    expect(['a', 'b']).toContain((await coming).credential.id);
    running.succeeded();
    expect(accounts()?.[0]).toEqual(['a', 'org-1', 1]);
    expect(pool.view()[0]?.accounts[0]?.limits.rpm).toBe(3);
  });

  test('stay one under a new configuration', () => {
    const { take, pool, clock } = poolOf([credential('a'), credential('b')]);
    for (const lease of [take(), take()]) lease.failed(limited('org-1'));
    const after = new CredentialPool([credential('a'), credential('b')], clock);
    after.adopt(pool);
    expect(after.view()[0]?.accounts).toHaveLength(1);
  });

  test('what the configuration says goes before', () => {
    const { take, pool } = poolOf([credential('a', { account: 'x' }), credential('b', { account: 'y' })]);
    for (const lease of [take(), take()]) lease.failed(limited('org-1'));
    expect(pool.view()[0]?.accounts.map(({ account }) => account)).toEqual(['x', 'y']);
  });
});

describe('what the surface says of a quota', () => {
  test('used up: the account rests until the reset and is looked at again before', async () => {
    const { pool, clock, rests, take, wait } = poolOf([credential('a'), credential('b')]);
    pool.heardOfQuota('a', clock.now() + 6 * DAY);
    expect(rests('a')).toMatchObject({ because: 'quota_exhausted', resetsAt: clock.now() + 6 * DAY, end: 'probe' });
    expect([take(), take()].map((lease) => lease.credential.id)).toEqual(['b', 'b']);
    await clock.advance(HOUR / 2 - 1);
    await expect(wait({ waitMs: 0, never: new Set(['b']) })).rejects.toMatchObject({ code: 'all_resting' });
    await clock.advance(1);
    take({ never: new Set(['b']) }).succeeded();
    expect(rests('a')).toBeUndefined();
  });

  test('something left: a rest for the quota is proved at once, unless the refusal is as young as the reading', async () => {
    const { pool, clock, take, rests } = poolOf([credential('a')]);
    take().failed(new GatewayError('quota_exhausted'));
    pool.heardOfQuota('a', undefined);
    expect(() => take()).toThrow('no place');
    await clock.advance(60_000);
    pool.heardOfQuota('a', undefined);
    const probe = take();
    expect(() => take()).toThrow('no place');
    probe.failed(new GatewayError('quota_exhausted'));
    expect(rests('a')).toMatchObject({ failures: 2 });
  });

  test('a rest for another reason, or for good, stays', async () => {
    const { pool, clock, take, rests } = poolOf([credential('a'), credential('b')]);
    take().failed(new GatewayError('account_terminated'));
    take().failed(new GatewayError('rate_limited', { retryAfterMs: 10 * 60_000 }));
    await clock.advance(2 * 60_000);
    pool.heardOfQuota('a', clock.now() + DAY);
    pool.heardOfQuota('b', undefined);
    expect([rests('a')?.because, rests('b')?.because]).toEqual(['account_terminated', 'rate_limited']);
    await expect(pool.lease(request({ waitMs: 0 }))).rejects.toMatchObject({ code: 'all_resting' });
  });
});
