import { expect, test } from 'vitest';
import { Postgres } from '../services/postgres.ts';
import { Redis } from '../services/redis.ts';
import { type Rig, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { textOf } from './answers.ts';
import { startWitness, witnessSurface } from './witness-surface.ts';
import { Writers } from './writers.ts';

const more = (writers: Writers, count: number, what: string) => {
  const before = writers.acknowledged.length;
  return until(() => writers.acknowledged.length >= before + count, what, 30_000);
};

/** Without the prefix that all have. */
const metrics = async (rig: Rig) => {
  const text = await (await rig.get('/metrics')).text();
  return Object.fromEntries(
    [...text.matchAll(/^moongate_(\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
};

test('PostgreSQL and Redis stopped and started in mid-load: refused or answered, never lost', async () => {
  await using postgres = await Postgres.start();
  await using redis = await Redis.start();
  await using surface = await startWitness();
  const config = {
    ...{ database: await postgres.createDatabase(), coordination: redis.url, surfaces: witnessSurface(surface) },
    // The database is tried again at once, whatever it cost the last one.
    conversations: { wait_ms: '30s' },
  };
  await using one = await startRig({ config });
  await using other = await startRig({ config });
  const rigs: readonly Rig[] = [one, other];
  const writers = new Writers({
    ...{ writers: 12, conversations: 4 },
    url: (writer, attempt) => rigs[(writer + attempt) % 2]?.url ?? '',
  });
  await more(writers, 20, 'load');

  await redis.stop();
  await until(() => rigs.every(({ gateway }) => !gateway.runtime.state.coordination.shared), 'the loss of Redis');
  expect(await metrics(one)).toMatchObject({ coordination_shared: 0, coordination_losses_total: 1, database_lost: 0 });
  await more(writers, 20, 'turns without Redis');
  await redis.start();
  await until(() => rigs.every(({ gateway }) => gateway.runtime.state.coordination.shared), 'Redis again');
  await more(writers, 20, 'turns with Redis again');

  await postgres.stop();
  await until(() => writers.refusals.has('503 storage_unavailable'), 'the loss of PostgreSQL');
  for (const rig of rigs) {
    const refused = await rig.chat({
      conversation_id: 'c0',
      model: 'kimi-k2.6',
      messages: [{ role: 'user', content: 'x' }],
    });
    expect([refused.status, (await refused.text()).includes('storage_unavailable')]).toEqual([503, true]);
    expect((await rig.get('/v1/conversations')).status).toBe(503);
    expect(await textOf(await rig.chat('a plain request'))).toContain('saw 1 messages');
  }
  expect(await metrics(other)).toMatchObject({ coordination_shared: 1, database_lost: 1 });
  await postgres.start();
  await more(writers, 20, 'turns with PostgreSQL again');
  await writers.stop();
  expect(await writers.check(one.url)).toBe(writers.acknowledged.length);
  const reasons = [...writers.refusals.keys()].filter(
    (why) => !/^(?:200|503) storage_unavailable$|^(?:200|409) conversation_busy$/.test(why),
  );
  expect(reasons).toEqual([]);
}, 120_000);
