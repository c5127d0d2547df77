import { expect, test } from 'vitest';
import { SLICES } from '../coordination/coordination.ts';
import { ProcessCoordination } from '../coordination/process/process-coordination.ts';
import { GatewayError } from '../errors.ts';
import { type CredentialParts, credential, request, StillClock, settled } from './fixture.ts';
import type { LeaseRequest } from './lease-request.ts';
import { CredentialPool } from './pool.ts';
import { allNews, newsBetween } from './pool-news.ts';
import { SharedGates } from './shared-gates.ts';

const MINUTE = 60_000;

/** Pools that count together, as replicas do. */
function fleet(members: number, parts: CredentialParts = {}, ids: readonly string[] = ['a']) {
  const clock = new StillClock();
  const coordination = new ProcessCoordination(clock);
  const pools = Array.from({ length: members }, () => {
    const shared = new SharedGates(coordination, clock);
    shared.start();
    const credentials = ids.map((id) => credential(id, parts));
    return new CredentialPool(credentials, clock, { shared });
  });
  const lease = async (at: number, more: Partial<LeaseRequest> = {}) => {
    const pool = pools[at];
    if (!pool) throw new Error('there is no such member');
    return pool.lease(request(more));
  };
  return { clock, pools, lease };
}

test('places at once: two replicas together have as many as the account', async () => {
  const { clock, lease, pools } = fleet(2, { limits: { concurrency: 2 } });
  const [one, two] = await Promise.all([lease(0), lease(1)]);
  let third = '';
  const waiting = lease(1).then((coming) => {
    third = 'there';
    return coming;
  });
  await clock.advance(1_000);
  expect(third).toBe('');
  one.succeeded();
  await clock.advance(100);
  (await waiting).succeeded();
  two.succeeded();
  await settled();
  expect(pools.map((pool) => [pool.inFlight, pool.waiting, pool.isIdle])).toEqual([
    [0, 0, true],
    [0, 0, true],
  ]);
});

test('a place that is given back goes to whoever waits in the same process at once', async () => {
  const { clock, lease } = fleet(2, { limits: { concurrency: 1 } });
  const first = await lease(0);
  const waiting = lease(0);
  await clock.advance(10);
  first.succeeded();
  await settled();
  const second = await waiting;
  await expect(lease(1, { waitMs: 0 })).rejects.toMatchObject({ code: 'rate_limited' });
  second.succeeded();
});

test('where one account is full of others, another one serves', async () => {
  const { lease } = fleet(2, { limits: { concurrency: 1 } }, ['a', 'b']);
  const served = [await lease(0), await lease(1)].map((one) => one.credential.id);
  expect(served.sort()).toEqual(['a', 'b']);
  await expect(lease(0, { waitMs: 0 })).rejects.toMatchObject({ code: 'rate_limited' });
});

test('requests a minute: what was refused by the others is no request, and the window is one', async () => {
  const { clock, lease, pools } = fleet(2, { limits: { rpm: 6 } });
  for (let at = 0; at < 6; at++) (await lease(at % 2)).succeeded();
  await expect(lease(0, { waitMs: 0 })).rejects.toMatchObject({ code: 'rate_limited' });
  const waiting = [lease(0, { waitMs: 2 * MINUTE }), lease(1, { waitMs: 2 * MINUTE })];
  let served = 0;
  for (const coming of waiting) void coming.then(() => served++);
  await clock.advance(MINUTE - 1_000);
  expect(served).toBe(0);
  await clock.advance((2 * MINUTE) / SLICES);
  expect(served).toBe(2);
  const used = pools.map((pool) => pool.view()[0]?.accounts[0]?.used.rpm);
  expect(used).toEqual([1, 1]);
});

test('tokens are reserved before and settled behind, for all', async () => {
  const estimate = { prompt: 100, cap: () => 500 };
  const { clock, lease } = fleet(2, { limits: { tpm: 1_000 } });
  const one = await lease(0, { estimate });
  await expect(lease(1, { estimate, waitMs: 0 })).rejects.toMatchObject({ code: 'rate_limited' });
  one.succeeded({ prompt_tokens: 100, completion_tokens: 10 });
  const second = lease(1, { estimate });
  await clock.advance(1_000);
  (await second).released();
});

test('whoever was sent back is the next one of its owner', async () => {
  const { clock, lease } = fleet(2, { limits: { concurrency: 1 } });
  const held = await lease(0);
  const order: string[] = [];
  const waiting = ['first', 'second', 'third'].map((name) =>
    lease(1, { owner: 'o' }).then((coming) => {
      order.push(name);
      setImmediate(() => coming.succeeded());
    }),
  );
  await clock.advance(500);
  held.succeeded();
  while (order.length < 3) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(50);
  }
  await Promise.all(waiting);
  expect(order).toEqual(['first', 'second', 'third']);
});

test('a replica that never gets a place because another one hands it on to itself is left one', async () => {
  const { clock, lease } = fleet(2, { limits: { concurrency: 1 } });
  let isOver = false;
  const busy = Array.from({ length: 5 }, async () => {
    while (!isOver) {
      const held = await lease(0, { waitMs: 600_000 });
      await new Promise<void>((resolve) => clock.after(37, resolve));
      held.succeeded();
    }
  });
  await clock.advance(500);
  let served = 0;
  const starved = lease(1).then((coming) => {
    served = clock.ticks();
    coming.succeeded();
  });
  for (let passed = 0; passed < 2_000; passed += 10) await clock.advance(10);
  await starved;
  expect(served - 500).toBeLessThan(1_000);
  isOver = true;
  for (let passed = 0; passed < 1_000; passed += 10) await clock.advance(10);
  await Promise.all(busy);
});

test('one call of all replicas proves that a rest is over, and the others wait for what it finds', async () => {
  const { clock, lease, pools } = fleet(2);
  const [one, other] = pools;
  if (!one || !other) throw new Error('two pools');
  (await lease(0)).failed(new GatewayError('quota_exhausted'));
  other.hear(allNews(one.knowledge(), clock.now()));
  await clock.advance(6 * MINUTE);
  const proof = await lease(0);
  let served = false;
  const waiting = lease(1).then((coming) => {
    served = true;
    return coming;
  });
  await clock.advance(5_000);
  expect(served).toBe(false);
  await expect(lease(1, { waitMs: 0 })).rejects.toMatchObject({ code: 'all_resting' });
  const before = one.knowledge();
  proof.succeeded();
  const news = newsBetween(before, one.knowledge(), clock.now());
  if (news) other.hear(news);
  await settled();
  (await waiting).succeeded();
});

test('a client that leaves on the way to a shared place holds none', async () => {
  const { lease, pools } = fleet(2, { limits: { concurrency: 1 } });
  const controller = new AbortController();
  const coming = lease(0, { signal: controller.signal });
  controller.abort();
  await expect(coming).rejects.toMatchObject({ code: 'client_closed' });
  expect(pools[0]?.isIdle).toBe(true);
  await pools[0]?.drained();
  (await lease(1, { waitMs: 0 })).succeeded();
});

test('a limit that is learned from a refusal counts the calls of the others', async () => {
  const { lease, pools } = fleet(2);
  const leases = await Promise.all(Array.from({ length: 8 }, (_, at) => lease(at % 2)));
  leases[7]?.failed(new GatewayError('concurrency_limited'));
  expect(pools[1]?.view()[0]?.accounts[0]?.limits.concurrency).toBeGreaterThanOrEqual(5);
  for (const one of leases) one.released();
});

test('a pool that is alone lends without a promise', () => {
  const pool = new CredentialPool([credential('a')], new StillClock());
  expect(pool.lease(request())).not.toBeInstanceOf(Promise);
});
