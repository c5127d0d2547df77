import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { credential, poolOf, request, settled } from './fixture.ts';
import { CredentialPool } from './pool.ts';

const refused = (code: ConstructorParameters<typeof GatewayError>[0], retryAfterMs?: number) =>
  new GatewayError(code, retryAfterMs === undefined ? {} : { retryAfterMs });

test('lends in turn, and passes over who is to be avoided while there is another', () => {
  const { take } = poolOf([credential('a'), credential('b'), credential('c')]);
  const ids = [take(), take(), take(), take()].map((lease) => lease.credential.id);
  expect(ids).toEqual(['a', 'b', 'c', 'a']);
  expect(take({ avoid: new Set(['b']) }).credential.id).toBe('c');
  expect(take({ avoid: new Set(['a', 'b', 'c']) }).credential.id).toBe('a');
  expect(() => take({ never: new Set(['a', 'b', 'c']) })).toThrow('no place');
});

test('the surfaces come in the order of the route; the next one serves where the first is full', () => {
  const limits = { concurrency: 1 };
  const { take } = poolOf([credential('a', { limits }), credential('b', { surface: 't' })]);
  const targets = [{ surface: 's' }, { surface: 't' }];
  expect([take({ targets }), take({ targets }), take({ targets })].map(({ target }) => target)).toEqual([0, 1, 1]);
});

test('an account rests as long as the surface asked, for all of its credentials; a waiting call gets the place', async () => {
  const { take, wait, clock } = poolOf([credential('a', { account: 'x' }), credential('b', { account: 'x' })]);
  take().failed(refused('rate_limited', 3_000));
  const coming = wait();
  await clock.advance(2_999);
  expect(clock.pending).toBe(1);
  await clock.advance(1);
  expect((await coming).credential.surface).toBe('s');
  expect(clock.pending).toBe(0);
});

test('keys of one account share one gate, and the same name on another surface does not', () => {
  const shared = { account: 'x', limits: { concurrency: 2 } };
  const { take } = poolOf([
    credential('a', shared),
    credential('b', shared),
    credential('c', { ...shared, surface: 't' }),
  ]);
  take();
  take();
  expect(() => take()).toThrow('no place');
  expect(take({ targets: [{ surface: 't' }] }).credential.id).toBe('c');
});

test.each(['overloaded', 'upstream_error', 'upstream_unreachable', 'client_closed', 'content_filter'] as const)(
  '%s is not the credential’s fault',
  (code) => {
    const { take } = poolOf([credential('a')]);
    take().failed(refused(code));
    expect(take().credential.id).toBe('a');
  },
);

test('a lease counts once, whatever is reported afterwards', () => {
  const { take, pool } = poolOf([credential('a')]);
  const lease = take();
  lease.succeeded();
  lease.failed(refused('upstream_auth'));
  lease.released();
  expect(take().credential.id).toBe('a');
  expect(pool.inFlight).toBe(1);
});

test('a credential that is refused rests, is probed by one call, and rests for good when that is refused too', async () => {
  const { take, wait, clock, rests, pool } = poolOf([credential('a')]);
  take().failed(refused('upstream_auth'));
  await expect(wait()).rejects.toMatchObject({
    code: 'all_resting',
    message: expect.stringContaining('upstream_auth'),
  });
  await clock.advance(60_000);
  const probe = take();
  const second = wait();
  second.catch(() => {});
  await settled();
  expect(pool.waiting).toBe(1);
  probe.failed(refused('upstream_auth'));
  await expect(second).rejects.toMatchObject({ code: 'all_resting' });
  expect(rests('a')).toMatchObject({ end: 'hand', because: 'upstream_auth', failures: 2 });
  await clock.advance(7 * 24 * 3_600_000);
  await expect(wait()).rejects.toMatchObject({ code: 'all_resting' });
  expect(pool.clear('a')).toBe(true);
  expect(take().credential.id).toBe('a');
});

test('calls that fail in one burst fail once; a call that began before the failure proves nothing', async () => {
  const { take, wait, clock, rests } = poolOf([credential('a')]);
  const burst = [take(), take(), take()];
  const early = take();
  for (const lease of burst) lease.failed(refused('upstream_auth'));
  expect(rests('a')).toMatchObject({ end: 'probe', failures: 1 });
  early.succeeded();
  await expect(wait()).rejects.toMatchObject({ code: 'all_resting' });
  await clock.advance(60_000);
  take().succeeded();
  expect(rests('a')).toBeUndefined();
});

test('a far reset is looked at again after half an hour, by one call at a time, which clears it', async () => {
  const { take, clock, wait, rests } = poolOf([credential('a', { account: 'x' }), credential('b', { account: 'x' })]);
  take().failed(refused('quota_exhausted', 6 * 24 * 3_600_000));
  await clock.advance(30 * 60_000 - 1);
  await expect(wait({ waitMs: 0 })).rejects.toMatchObject({ code: 'all_resting', details: { retryAfterMs: 1_000 } });
  await clock.advance(1);
  const probe = take();
  const waiting = wait();
  probe.succeeded();
  expect((await waiting).credential.account).toBe('x');
  expect(rests('a')).toBeUndefined();
});

test('the head of an answer ends the proof: nobody waits for the end of a long one', async () => {
  const { take, wait, clock, pool } = poolOf([credential('a')]);
  take().failed(refused('quota_exhausted'));
  await clock.advance(5 * 60_000);
  const probe = take();
  const waiting = wait();
  probe.heard({});
  expect((await waiting).credential.id).toBe('a');
  expect(pool.inFlight).toBe(2);
});

test('a surface that tells its limits in headers is believed, downwards', async () => {
  const { take, pool } = poolOf([credential('a', { limits: { rpm: 500 } })]);
  const limits = () => pool.view()[0]?.accounts[0]?.limits;
  take().heard({ 'x-ratelimit-limit-requests': '200', 'x-ratelimit-limit-tokens': '40000' });
  expect(limits()).toMatchObject({ rpm: 200, tpm: 40_000 });
  take().heard({ 'x-ratelimit-limit-requests': '9000' });
  expect(limits()).toMatchObject({ rpm: 500, tpm: 40_000 });
});

test('a model that nobody has is no matter of time', async () => {
  const { take, wait } = poolOf([credential('a')]);
  take().failed(refused('upstream_model_not_found'));
  await expect(wait()).rejects.toMatchObject({ code: 'upstream_model_not_found', status: 404 });
});

test('those that rest come last where somebody asks for any credential', () => {
  const { take, pool } = poolOf([credential('a'), credential('b'), credential('c')]);
  take().failed(refused('upstream_auth'));
  expect(pool.all('s').map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});

test('a model that a credential does not have is asked elsewhere, and other models still here', () => {
  const { take } = poolOf([credential('a'), credential('b')]);
  take().failed(refused('upstream_model_not_found'));
  expect([take(), take()].map((lease) => lease.credential.id)).toEqual(['b', 'b']);
  expect(take({ targets: [{ surface: 's', model: 'other' }] }).credential.id).toBe('a');
});

test('the queue is bounded, and the refusal tells when a place is expected', async () => {
  const { take, wait, clock, pool } = poolOf([credential('a', { limits: { concurrency: 2 } })], { queueLimit: 2 });
  const first = take();
  await clock.advance(4_000);
  first.succeeded();
  const running = [take(), take()];
  const waiting = [wait(), wait()];
  // Two at once that take 4 s each: one place every 2 s, and two are before it.
  await expect(wait()).rejects.toMatchObject({ code: 'rate_limited', details: { retryAfterMs: 6_000 } });
  for (const lease of running) lease.released();
  for (const lease of await Promise.all(waiting)) lease.released();
  expect([pool.inFlight, pool.waiting, clock.pending]).toEqual([0, 0, 0]);
});

test('whoever waits too long is told so; whoever leaves makes room at once', async () => {
  const { take, wait, clock, pool } = poolOf([credential('a', { limits: { concurrency: 1 } })]);
  const running = take();
  const late = wait({ waitMs: 1_000 });
  const leaving = new AbortController();
  const left = wait({ signal: leaving.signal });
  const patient = wait();
  late.catch(() => {});
  left.catch(() => {});
  leaving.abort();
  expect(pool.waiting).toBe(2);
  await clock.advance(1_000);
  await expect(late).rejects.toMatchObject({ code: 'rate_limited' });
  await expect(left).rejects.toMatchObject({ code: 'client_closed' });
  running.succeeded();
  (await patient).succeeded();
  expect([pool.inFlight, pool.waiting, clock.pending]).toEqual([0, 0, 0]);
});

test('owners get places in turn, whatever many calls one of them has', async () => {
  const { take, wait } = poolOf([credential('a', { limits: { concurrency: 1 } })]);
  let running = take();
  const served: string[] = [];
  const enter = (owner: string, name: string) =>
    wait({ owner }).then((lease) => {
      served.push(name);
      running = lease;
    });
  const all = [...['x1', 'x2', 'x3', 'x4'].map((name) => enter('x', name)), enter('y', 'y1'), enter('z', 'z1')];
  for (let call = 0; call < all.length; call++) {
    running.succeeded();
    await settled();
  }
  expect(served).toEqual(['x1', 'y1', 'z1', 'x2', 'x3', 'x4']);
});

test('tokens are reserved by the cap and settled by what the answer cost', async () => {
  const { take, wait, clock } = poolOf([credential('a', { limits: { tpm: 10_000 } })]);
  const estimate = { prompt: 1_000, cap: () => 5_000 };
  const first = take({ estimate });
  const second = wait({ estimate });
  first.succeeded({ prompt_tokens: 900, completion_tokens: 100 });
  const lease = await second;
  expect(() => take({ estimate })).toThrow('no place');
  lease.released();
  await clock.advance(61_000);
  take({ estimate });
});

test('a small call does not take the tokens for which a large one of another model waits', async () => {
  const { take, wait } = poolOf([credential('a', { limits: { tpm: 10_000 } })]);
  const size = (tokens: number) => ({ prompt: tokens, cap: () => 0 });
  const running = [take({ estimate: size(5_000) }), take({ estimate: size(3_000) })];
  const served: string[] = [];
  const large = wait({ estimate: size(6_000) }).then(() => served.push('large'));
  const small = wait({ estimate: size(1_000), targets: [{ surface: 's', model: 'other' }] });
  const smaller = small.then(() => served.push('small'));
  running[1]?.succeeded({ prompt_tokens: 0, completion_tokens: 0 });
  await settled();
  expect(served).toEqual([]);
  running[0]?.succeeded({ prompt_tokens: 0, completion_tokens: 0 });
  await Promise.all([large, smaller]);
  expect(served).toEqual(['large', 'small']);
});

test('a client that leaves after it was served or refused changes nothing in the queue', async () => {
  const { take, wait, clock, pool } = poolOf([credential('a', { limits: { concurrency: 1 } })]);
  const running = take();
  const leaving = new AbortController();
  const served = wait({ signal: leaving.signal });
  const refusal = wait({ signal: leaving.signal, waitMs: 10 });
  refusal.catch(() => {});
  const other = wait();
  running.succeeded();
  await clock.advance(10);
  await expect(refusal).rejects.toMatchObject({ code: 'rate_limited' });
  leaving.abort();
  expect([pool.inFlight, pool.waiting, pool.view()[0]?.waiting]).toEqual([1, 1, 1]);
  (await served).released();
  (await other).released();
  expect([pool.inFlight, pool.waiting, pool.view()[0]?.waiting, clock.pending]).toEqual([0, 0, 0, 0]);
  await expect(wait({ signal: leaving.signal })).rejects.toMatchObject({ code: 'client_closed' });
});

test('limits are learned from the sentence that names them', async () => {
  const { take, clock, pool } = poolOf([credential('a')]);
  const leases = [take(), take(), take()];
  const message =
    'Your account org-1<ak-1> request reached organization max concurrency: 2, please try again after 1 seconds';
  leases[2]?.failed(new GatewayError('rate_limited', { message, retryAfterMs: 1_000 }));
  await clock.advance(1_000);
  expect(() => take()).toThrow('no place');
  leases[0]?.succeeded();
  take();
  expect(pool.view()[0]?.accounts[0]).toMatchObject({ limits: { concurrency: 2, rpm: null } });
});

test('a refusal that could not be foreseen lowers what is tried at once, and successes raise it again', async () => {
  const { take, clock, pool } = poolOf([credential('a')]);
  const limit = () => pool.view()[0]?.accounts[0]?.limits.concurrency;
  await clock.advance(1);
  const leases = Array.from({ length: 8 }, () => take());
  await clock.advance(1);
  for (const lease of leases.splice(4)) lease.failed(refused('rate_limited'));
  // Eight at once were too many and four were taken.
  expect(limit()).toBe(4);
  await clock.advance(1_000);
  for (const lease of leases) lease.succeeded();
  for (let round = 0; round < 60; round++) {
    await clock.advance(1);
    for (const lease of Array.from({ length: limit() ?? 0 }, () => take())) lease.succeeded();
  }
  expect(limit()).toBeGreaterThan(4);
  expect(limit()).toBeLessThan(10);
});

test('credentials come, go, and are switched off while calls run', async () => {
  const { pool, take, wait } = poolOf([credential('a')]);
  const running = take();
  expect(pool.setEnabled('a', false)).toBe(true);
  await expect(wait()).rejects.toMatchObject({ code: 'all_resting' });
  pool.add(credential('b'));
  expect(take().credential.id).toBe('b');
  pool.remove('b');
  pool.setEnabled('a', true);
  running.succeeded();
  expect(take().credential.id).toBe('a');
  expect(pool.remove('b')).toBe(false);
});

test('a test by hand that succeeds ends every rest, one that fails changes nothing', async () => {
  const { pool, take, rests } = poolOf([credential('a')]);
  take().failed(refused('upstream_auth'));
  await expect(pool.test('a', () => Promise.reject(refused('upstream_auth')))).rejects.toThrow();
  expect(rests('a')).toBeDefined();
  await pool.test('a', async ({ id }) => expect(id).toBe('a'));
  expect(rests('a')).toBeUndefined();
});

test('a new pool shares the accounts of the one before: its calls count, and their end makes room', async () => {
  const limits = { concurrency: 1 };
  const { pool, take, clock } = poolOf([credential('a', { limits })]);
  const old = take();
  const after = new CredentialPool([credential('a', { limits })], clock);
  after.adopt(pool);
  const coming = after.lease(request());
  expect(coming).toBeInstanceOf(Promise);
  const drained = pool.drained();
  old.succeeded();
  expect((await coming).credential.id).toBe('a');
  await drained;
});

test('what a pool shows holds no secret', () => {
  const { pool, take } = poolOf([credential('a')]);
  take().failed(refused('upstream_auth'));
  expect(JSON.stringify([pool.view(), pool.snapshot()])).not.toContain('secret of');
});

test('what lies in one account is served by its credentials alone; others do not wait behind it', async () => {
  const full = { limits: { concurrency: 1 } };
  const { pool, take, wait } = poolOf([
    credential('a', { account: 'x', ...full }),
    credential('b', { account: 'y', ...full }),
  ]);
  expect(pool.hasOther({ surface: 's' }, new Set(['a']), 0, 'x')).toBe(false);
  const first = take({ only: 'y' });
  expect(first.credential.id).toBe('b');
  const pinned = wait({ only: 'y' });
  const other = await wait();
  expect(other.credential.id).toBe('a');
  first.succeeded();
  expect((await pinned).credential.id).toBe('b');
  expect(() => take({ only: 'nobody' })).toThrow();
});
