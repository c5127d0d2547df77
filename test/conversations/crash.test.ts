import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type Served, serve } from '../process.ts';
import { freePort } from '../services/free-port.ts';
import { until } from '../until.ts';
import { DataFolder } from './seed-example.ts';
import { startWitness, witnessSurface } from './witness-surface.ts';
import { Writers } from './writers.ts';

/** More with `KILLS=50`. */
const KILLS = Number(process.env['KILLS'] ?? 6);
/** Turns between two kills: in the midst of the first ones, and later. */
const BETWEEN = [5, 23, 11, 40, 2, 31];

test(
  `kill -9 under load, ${KILLS} times: no acknowledged turn is lost, none is there twice, nothing is damaged`,
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
