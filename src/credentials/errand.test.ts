import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { credential, poolOf, settled } from './fixture.ts';

const signal = new AbortController().signal;
const errand = (account: string, waitMs = 0) => ({ surface: 's', account, signal, waitMs });
const two = () => [
  credential('a', { account: 'x', limits: { concurrency: 1, rpm: 1 } }),
  credential('b', { account: 'x' }),
];

test('takes no place: a full account is asked all the same, and chat has all of its places', async () => {
  const { pool, take } = poolOf(two());
  take();
  expect(() => take()).toThrow('no place');
  (await pool.errand(errand('x'))).succeeded();
  expect(pool.view()[0]?.accounts[0]).toMatchObject({ inFlight: 1, used: { rpm: 1 } });
});

test('waits for a rest to end, or says when that is', async () => {
  const { pool, clock } = poolOf(two());
  const first = await pool.errand(errand('x'));
  first.failed(new GatewayError('rate_limited', { retryAfterMs: 5_000 }));
  await expect(pool.errand(errand('x', 1_000))).rejects.toMatchObject({
    code: 'all_resting',
    message: expect.stringContaining('rate_limited'),
  });
  let came = false;
  void pool.errand(errand('x', 60_000)).then(() => (came = true));
  await clock.advance(4_900);
  expect(came).toBe(false);
  await clock.advance(1_000);
  expect(came).toBe(true);
});

test('a refused key is passed over for another one of the account, and chat does not meet it either', async () => {
  const { pool, take, rests } = poolOf(two());
  const first = await pool.errand(errand('x'));
  first.failed(new GatewayError('upstream_auth'));
  expect((await pool.errand(errand('x'))).credential.id).not.toBe(first.credential.id);
  expect(take().credential.id).not.toBe(first.credential.id);
  const proof = pool.test(first.credential.id, async () => {});
  await proof;
  expect(rests(first.credential.id)).toBeUndefined();
});

test('an account without money still has its files; what is forbidden to files is not forbidden to chat', async () => {
  const { pool, take, rests } = poolOf(two());
  take().failed(new GatewayError('quota_exhausted'));
  const second = await pool.errand(errand('x'));
  second.failed(new GatewayError('upstream_permission'));
  expect(rests('a')).toMatchObject({ because: 'quota_exhausted' });
  expect((await pool.errand(errand('x'))).credential.id).toBe(second.credential.id);
});

test('who leaves while it waits is no failure and keeps no timer; nobody is there for an account that has gone', async () => {
  const { pool, clock } = poolOf(two());
  (await pool.errand(errand('x'))).failed(new GatewayError('rate_limited', { retryAfterMs: 5_000 }));
  const controller = new AbortController();
  const coming = pool.errand({ ...errand('x', 60_000), signal: controller.signal });
  await settled();
  controller.abort();
  await expect(coming).rejects.toMatchObject({ code: 'client_closed' });
  expect(clock.pending).toBe(0);
  await expect(pool.errand(errand('gone', 60_000))).rejects.toMatchObject({ code: 'all_resting' });
});
