import { expect, test } from 'vitest';
import { Postgres } from '../services/postgres.ts';
import { Redis } from '../services/redis.ts';
import { until } from '../until.ts';
import { type Fleet, says, startFleet, statuses } from './fleet.ts';

const OWN = 'own-key-0123456789abcdef';
const ANSWER = { ...says('sim: usage 10 1000\nsim: say hi'), max_tokens: 1_000 };
const MEMBERS = [0, 1, 2];

async function startServers() {
  const [postgres, redis] = await Promise.all([Postgres.start(), Redis.start()]);
  const servers = { database: await postgres.createDatabase(), coordination: redis.url };
  const own = { name: 'own', key: OWN, budget: { currency: 'CNY', daily: 1 }, rpm: 10_000 };
  // What is done from time to time is done five times as often.
  const fleet = await startFleet(3, { ...servers, keys: [own] }, { haste: 5 });
  await until(() => fleet.gateways.every(({ runtime }) => runtime.state.coordination.shared), 'Redis');
  return {
    postgres,
    redis,
    fleet,
    async [Symbol.asyncDispose]() {
      await fleet[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}

const everywhere = (fleet: Fleet, key: string) => statuses(MEMBERS.map((at) => fleet.chat(key, { ...ANSWER }, at)));

async function changeByMessage(fleet: Fleet): Promise<void> {
  const first = (await fleet.admin('', { method: 'POST', at: 0, body: { name: 'ann' } })).body.key;
  expect(await everywhere(fleet, first)).toEqual([200, 200, 200]);
  const rotated = await fleet.admin('/ann/rotate', { method: 'POST', at: 1, body: { grace: 0 } });
  const second = rotated.body.key;
  await until(async () => (await everywhere(fleet, first)).every((status) => status === 401), 'the end of the old key');
  expect(await everywhere(fleet, second)).toEqual([200, 200, 200]);
  await fleet.admin('/ann/revoke', { method: 'POST', at: 2 });
  await until(async () => (await everywhere(fleet, second)).every((status) => status === 401), 'the revocation');
}

test('what one replica changes holds on the others: by message, by asking, and while servers are away', async () => {
  await using servers = await startServers();
  const { fleet, postgres, redis } = servers;
  {
    // Nobody of these asks by itself within this test.
    const shared = { database: await postgres.createDatabase(), coordination: redis.url };
    await using told = await startFleet(3, { ...shared, keys: [{ name: 'own', key: OWN }] }, { haste: 1 / 1000 });
    await until(() => told.gateways.every(({ runtime }) => runtime.state.coordination.shared), 'Redis');
    await changeByMessage(told);
  }
  const create = async (name: string, more: object = {}) =>
    (await fleet.admin('', { method: 'POST', at: 0, body: { name, ...more } })).body.key as string;
  const [bob, cat] = [await create('bob'), await create('cat')];
  const team = await create('team', { budget: { currency: 'CNY', daily: 0.1 } });

  // Without messages: within seconds.
  await redis.stop();
  await until(() => fleet.gateways.every(({ runtime }) => !runtime.state.coordination.shared), 'the loss of Redis');
  expect(await everywhere(fleet, bob)).toEqual([200, 200, 200]);
  await fleet.admin('/bob/revoke', { method: 'POST', at: 0 });
  await until(async () => (await everywhere(fleet, bob)).every((status) => status === 401), 'that they ask');

  // Without the database, too: known keys go on, budgets from what was known, and what was spent is written later.
  const before = (await fleet.admin('/own', { at: 0 })).body.spent.daily;
  expect(await everywhere(fleet, OWN)).toEqual([200, 200, 200]);
  expect(await statuses([fleet.chat(team, ANSWER, 0)])).toEqual([200]);
  await postgres.stop();
  expect(await everywhere(fleet, cat)).toEqual([200, 200, 200]);
  expect(await everywhere(fleet, OWN)).toEqual([200, 200, 200]);
  // One process has seen what the team has spent and goes on from there; the others cannot know.
  const alone = await statuses(Array.from({ length: 12 }, () => fleet.chat(team, ANSWER, 0)));
  expect(alone.filter((status) => status === 200)).toHaveLength(2);
  expect(await statuses([fleet.chat(team, ANSWER, 1)])).toEqual([503]);
  expect((await fleet.chat('mg-of-nobody', {}, 0)).status).toBe(503);
  expect((await fleet.admin('', { method: 'POST', at: 0, body: { name: 'dan' } })).status).toBe(503);
  await postgres.start();
  await redis.start();
  const spent = async () => (await fleet.admin('/own', { at: 1 })).body.spent.daily;
  await until(async () => Math.abs((await spent()) - before - 6 * 0.027_065) < 1e-6, 'what was owed', 15_000);
  expect(await everywhere(fleet, cat)).toEqual([200, 200, 200]);
});
