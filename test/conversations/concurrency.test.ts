import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FakeSurface } from '../fake-surface.ts';
import { Postgres } from '../services/postgres.ts';
import { Redis } from '../services/redis.ts';
import { type Rig, type Settings, startRig } from '../setup.ts';
import { checkConversation } from './model-checker.ts';
import { DataFolder } from './seed-example.ts';
import { startWitness, witnessed, witnessSurface } from './witness-surface.ts';
import { Writers } from './writers.ts';

/** More with `TURNS=20`. */
const TURNS = Number(process.env['TURNS'] ?? 2);

const rigOf = (surface: FakeSurface, more: Settings): Promise<Rig> =>
  startRig({ config: { surfaces: witnessSurface(surface), ...more } });

test('the checker finds what it looks for', () => {
  const user = (content: string) => ({ role: 'user', content });
  const first = [user('a')];
  const good = [...first, { role: 'assistant', content: witnessed(first) }];
  const ack = (said: string, sentAt: number, answer = witnessed([user(said)])) => ({
    ...{ conversation: 'c', said, answer, sentAt, ackedAt: sentAt + 1 },
  });
  checkConversation('c', good, [ack('a', 0)]);
  expect(() => checkConversation('c', [], [ack('a', 0)])).toThrow('lost');
  expect(() => checkConversation('c', [...good, user('a')], [])).toThrow('twice');
  expect(() => checkConversation('c', good, [ack('a', 0, 'other')])).toThrow('another answer');
  const blind = [...good, user('b'), { role: 'assistant', content: witnessed([user('b')]) }];
  expect(() => checkConversation('c', blind, [])).toThrow('another history');
  const two = [...good, user('b')];
  const turned = [...two, { role: 'assistant', content: witnessed(two) }];
  expect(() => checkConversation('c', turned, [ack('b', 0, witnessed(two)), ack('a', 5)])).toThrow('stands before');
  expect(() => checkConversation('c', [{ ...user('a'), role: 'assistant' }], [])).toThrow('out of turn');
});

async function storm(rigs: readonly Rig[]): Promise<void> {
  const writers = new Writers({
    ...{ writers: 200, conversations: 20, turns: TURNS },
    url: (writer, attempt) => rigs[(Math.floor(writer / 20) + attempt) % rigs.length]?.url ?? '',
  });
  await writers.done;
  expect(writers.acknowledged).toHaveLength(200 * TURNS);
  expect(await writers.check(rigs[0]?.url ?? '')).toBe(200 * TURNS);
  expect([...writers.refusals.keys()]).toEqual([]);
}

describe('200 writers on 20 conversations lose and reorder nothing', () => {
  test('in one process', async () => {
    using data = new DataFolder();
    await using surface = await startWitness();
    await using rig = await rigOf(surface, { data: data.path });
    await storm([rig]);
  }, 120_000);

  describe('on two replicas', () => {
    let postgres: Postgres;
    let redis: Redis;
    beforeAll(async () => {
      [postgres, redis] = await Promise.all([Postgres.start(), Redis.start()]);
    });
    afterAll(async () => {
      await Promise.all([postgres[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
    });

    const shared = async () => ({ database: await postgres.createDatabase(), coordination: redis.url });

    test('that share PostgreSQL and Redis', async () => {
      await using surface = await startWitness();
      const config = await shared();
      await using one = await rigOf(surface, config);
      await using other = await rigOf(surface, config);
      await storm([one, other]);
    }, 120_000);

    test('that share a database only: whoever has not seen the last turn is refused', async () => {
      await using surface = await startWitness();
      const { database } = await shared();
      await using one = await rigOf(surface, { database });
      await using other = await rigOf(surface, { database });
      const writers = new Writers({
        ...{ writers: 12, conversations: 3, turns: TURNS },
        url: (writer) => (writer % 2 === 0 ? one : other).url,
      });
      await writers.done;
      expect(await writers.check(one.url)).toBe(12 * TURNS);
    }, 120_000);
  });
});
