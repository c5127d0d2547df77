import { expect, test } from 'vitest';
import { Postgres } from '../services/postgres.ts';
import { until } from '../until.ts';
import { startReplicas } from './replicas-rig.ts';

const A = 'sk-replicas-a-0123456789abcdef';
const B = 'sk-replicas-b-0123456789abcdef';
const cn = (keys: string, more: object = {}) => ({ keys, host: 'cn' as const, ...more });
const surfaces = (base: string, credentials: readonly object[]) => ({
  surfaces: { 'moonshot-cn': { base_url: base, credentials } },
});
const statusesOf = async (coming: readonly Promise<{ status: number }>[]) =>
  (await Promise.all(coming)).map(({ status }) => status);

test('a 429 that one replica met lets the credential rest in the others, later ones too, until one of them sees its end', async () => {
  await using fleet = await startReplicas([cn(A), cn(B)], (base) =>
    surfaces(base, [
      { key: A, name: 'a' },
      { key: B, name: 'b' },
    ]),
  );
  fleet.simulator.account(A).cash = 0;
  const answers = [await fleet.ask(0, 'one'), await fleet.ask(0, 'two')];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await fleet.states(0)).toBe('a resting, b ready');
  await until(async () => (await fleet.states(1)) === 'a resting, b ready', 'the news');
  const refused = () => fleet.chats().filter(({ status }) => status === 429).length;
  expect(refused()).toBe(1);
  expect(await statusesOf(Array.from({ length: 10 }, (_, at) => fleet.ask(1, `${at}`)))).not.toContain(429);
  expect(refused()).toBe(1);

  await fleet.join();
  await until(async () => (await fleet.states(2)) === 'a resting, b ready', 'what the new one asked for');
  fleet.at(2).credentials.setEnabled('b', false);
  await until(async () => (await fleet.states(0)) === 'a resting, b disabled', 'the switch');
  expect((await fleet.ask(1, 'nobody')).status).toBe(503);

  fleet.simulator.account(A).cash = 10;
  await fleet.at(1).credentials.test('a');
  for (const at of [0, 2]) await until(async () => (await fleet.states(at)) === 'a ready, b disabled', 'the end');
});

test('two replicas together have no more calls under way than the account may have, and no 429', async () => {
  const limits = { concurrency: 3 };
  await using fleet = await startReplicas([cn(A, { limits })], (base) => surfaces(base, [{ key: A, limits }]));
  const script = 'sim: delay 30\nsim: say yes';
  const began = performance.now();
  const statuses = await statusesOf(Array.from({ length: 60 }, (_, at) => fleet.ask(at % 2, script)));
  const tookMs = performance.now() - began;
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(fleet.chats().filter(({ status }) => status !== 200)).toEqual([]);
  const served = [0, 1].map((at) => fleet.at(at).runtime.pool.view()[0]?.credentials[0]?.served);
  expect(served).toEqual([30, 30]);
  // Places are not left empty for long either: a fifth of the time it would take at once is 20 x 30 ms.
  expect(tookMs).toBeLessThan(10_000);
});

test('requests a minute and what an account turned out to be are one matter for all', async () => {
  await using fleet = await startReplicas([{ keys: [A, B], host: 'cn', id: 'org-a', limits: { rpm: 5 } }], (base) => ({
    ...surfaces(base, [{ key: A }, { key: B }]),
    timeouts: { queue_ms: 0 },
    retries: { attempts: 1 },
  }));
  // Nobody knows the limit, nor that both keys are of one organisation, until the surface says so.
  const first = await statusesOf(Array.from({ length: 12 }, (_, at) => fleet.ask(0, `${at}`)));
  expect(first.filter((status) => status === 200)).toHaveLength(5);
  const accounts = (at: number) =>
    fleet
      .at(at)
      .runtime.pool.view()[0]
      ?.accounts.map(({ identity, limits }) => [identity, limits.rpm]);
  await until(() => accounts(0)?.length === 1 && JSON.stringify(accounts(1)) === '[["org-a",5]]', 'the account');
  const before = fleet.chats().length;
  expect(await statusesOf([fleet.ask(1, 'x'), fleet.ask(1, 'y')])).not.toContain(200);
  expect(fleet.chats()).toHaveLength(before);
});

test('a quota that one replica has read is known to all; more replicas do not ask the vendor more often', async () => {
  const key = 'sk-kimi-replicas-0123456789abcdef';
  await using fleet = await startReplicas([{ keys: key, host: 'code' }], (_, { codeBaseUrl }) => ({
    surfaces: { 'kimi-code': { base_url: codeBaseUrl, credentials: [{ key, name: 'code' }] } },
  }));
  fleet.simulator.subscription(key).weekly.used = 100;
  const quotas = async () => [
    (await fleet.at(0).credentials.list())[0]?.quota?.windows,
    (await fleet.at(1).credentials.list())[0]?.quota?.windows,
  ];
  const [first, second] = await quotas();
  expect(first?.[0]).toMatchObject({ name: 'weekly', used: 100, limit: 100 });
  expect(second).toEqual(first);
  expect([await fleet.states(0), await fleet.states(1)]).toEqual(['code resting', 'code resting']);
  expect(fleet.simulator.calls.filter(({ path }) => path.endsWith('/usages'))).toHaveLength(1);
});

test('without Redis each replica counts for itself, and nobody is refused for it', async () => {
  const limits = { concurrency: 1_000 };
  await using fleet = await startReplicas([cn(A, { limits })], (base) =>
    surfaces(base, [{ key: A, limits: { concurrency: 2 } }]),
  );
  await fleet.redis.stop();
  await until(() => [0, 1].every((at) => !fleet.isShared(fleet.at(at))), 'the loss');
  expect(await statusesOf(Array.from({ length: 8 }, (_, at) => fleet.ask(at % 2, 'alone')))).toEqual(
    Array(8).fill(200),
  );
  fleet.simulator.account(A).cash = 0;
  expect((await fleet.ask(0, 'empty')).status).toBe(429);
  await fleet.redis.start();
  await until(() => [0, 1].every((at) => fleet.isShared(fleet.at(at))), 'Redis again');
  await until(async () => (await fleet.states(1)).endsWith('resting'), 'what was missed');
});

test('Redis lost and found in mid-load: no request fails, and each replica keeps the limit for itself meanwhile', async () => {
  // While they are alone both may use all of it.
  const accounts = [cn(A, { limits: { concurrency: 8, rpm: 100_000 } })];
  await using fleet = await startReplicas(accounts, (base) => surfaces(base, [{ key: A, limits: { concurrency: 4 } }]));
  const seen: number[] = [];
  let isOver = false;
  const load = Promise.all(
    Array.from({ length: 16 }, async (_, client) => {
      while (!isOver) seen.push((await fleet.ask(client % 2, 'sim: delay 5\nsim: say yes')).status);
    }),
  );
  const more = (count: number, why: string) => {
    const enough = seen.length + count;
    return until(() => seen.length >= enough, why, 15_000);
  };
  await more(60, 'load');
  await fleet.redis.stop();
  await until(() => [0, 1].every((at) => !fleet.isShared(fleet.at(at))), 'the loss');
  await more(60, 'work while it is away');
  await fleet.redis.start();
  await until(() => [0, 1].every((at) => fleet.isShared(fleet.at(at))), 'Redis again');
  await more(60, 'work behind it');
  isOver = true;
  await load;
  expect(seen.filter((status) => status !== 200)).toEqual([]);
  expect(fleet.chats().filter(({ status }) => status !== 200)).toEqual([]);
  const inUse = [0, 1].map((at) => fleet.at(at).runtime.pool.view()[0]?.accounts[0]?.inFlight);
  expect(inUse).toEqual([0, 0]);
});

test('a credential that is added to one replica serves in all that share its database, until it is taken out', async () => {
  await using postgres = await Postgres.start();
  const database = await postgres.createDatabase();
  await using fleet = await startReplicas([cn(A), cn(B)], (base) => ({
    ...surfaces(base, [{ key: A, name: 'a' }]),
    ...{ database, secret_key: 'fleet-secret-0123456789abcdef' },
  }));
  await fleet.at(0).credentials.add({ surface: 'moonshot-cn', key: B, name: 'b' });
  await until(async () => (await fleet.states(1)) === 'a ready, b ready', 'the new credential');
  await fleet.at(1).credentials.remove('b');
  await until(async () => (await fleet.states(0)) === 'a ready', 'that it has gone');
});
