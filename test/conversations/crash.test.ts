import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type Served, serve } from '../process.ts';
import { freePort } from '../services/free-port.ts';
import { Postgres } from '../services/postgres.ts';
import { Redis } from '../services/redis.ts';
import { until } from '../until.ts';
import { DataFolder } from './seed-example.ts';
import { startWitness, witnessSurface } from './witness-surface.ts';
import { Writers } from './writers.ts';

/** More with `KILLS=50`. */
const KILLS = Number(process.env['KILLS'] ?? 6);
/** Turns between two kills: in the midst of the first ones, and later. */
const BETWEEN = [5, 23, 11, 40, 2, 31];

test(
  'kill -9 under load, again and again: no acknowledged turn is lost, none is there twice, nothing is damaged',
  async () => {
    using data = new DataFolder();
    await using surface = await startWitness();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const settings = {
      ...{ listen: `127.0.0.1:${port}`, data: data.path, surfaces: witnessSurface(surface) },
      log: { level: 'warn' },
    };
    let served: Served = await serve(settings);
    const writers = new Writers({ writers: 16, conversations: 4, url: () => url });
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const before = writers.acknowledged.length;
        await until(
          () => writers.acknowledged.length >= before + (BETWEEN[kill % BETWEEN.length] ?? 1),
          'turns',
          30_000,
        );
        served.signal('SIGKILL');
        await served.exit();
        await served[Symbol.asyncDispose]();
        served = await serve(settings);
      }
      await writers.stop();
      expect(await writers.check(url)).toBe(writers.acknowledged.length);
      expect(writers.refusals.get('gone')).toBeGreaterThan(0);
    } finally {
      await served[Symbol.asyncDispose]();
    }
    const database = new DatabaseSync(join(data.path, 'moongate.db'));
    expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const orphans = database.prepare(
      'select count(*) as count from conversation_turns where conversation not in (select id from conversations)',
    );
    expect(orphans.get()).toEqual({ count: 0 });
    const counts = database.prepare(
      `select count(*) as count from conversations c where turns <> (select count(*) from conversation_turns t where t.conversation = c.id)
      or bytes <> (select sum(bytes) from conversation_turns t where t.conversation = c.id)`,
    );
    expect(counts.get()).toEqual({ count: 0 });
    database.close();
  },
  60_000 + KILLS * 10_000,
);

test('one of two replicas killed under load: the other goes on with its conversations, and nothing acknowledged is lost', async () => {
  await using postgres = await Postgres.start();
  await using redis = await Redis.start();
  await using surface = await startWitness();
  using data = new DataFolder();
  const ports = [await freePort(), await freePort()] as const;
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const shared = { database: await postgres.createDatabase(), coordination: redis.url, data: data.path };
  const settings = (port: number) => ({
    ...{ listen: `127.0.0.1:${port}`, surfaces: witnessSurface(surface), log: { level: 'warn' } },
    ...shared,
  });
  await using staying = await serve(settings(ports[0]));
  let dying = await serve(settings(ports[1]));
  const writers = new Writers({
    ...{ writers: 12, conversations: 3 },
    url: (writer, attempt) => urls[(writer + attempt) % 2] ?? '',
  });
  try {
    const more = (count: number, what: string) => {
      const before = writers.acknowledged.length;
      return until(() => writers.acknowledged.length >= before + count, what, 60_000);
    };
    await more(30, 'load');
    dying.signal('SIGKILL');
    await dying.exit();
    // Its locks are free again when nobody renews them.
    await more(30, 'turns without it');
    await dying[Symbol.asyncDispose]();
    dying = await serve(settings(ports[1]));
    await more(30, 'turns with it again');
    await writers.stop();
    expect(await writers.check(urls[0] ?? '')).toBe(writers.acknowledged.length);
    expect(await writers.check(urls[1] ?? '')).toBe(writers.acknowledged.length);
    expect(staying.exitCode).toBeUndefined();
  } finally {
    await dying[Symbol.asyncDispose]();
  }
}, 180_000);
