import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { Coordination } from '../../src/coordination/coordination.ts';
import { ProcessCoordination } from '../../src/coordination/process/process-coordination.ts';
import { RedisCoordination } from '../../src/coordination/redis/redis-coordination.ts';
import { type Log, silentLog } from '../../src/log.ts';
import { Database, type DatabaseTarget } from '../../src/storage/database.ts';
import { Postgres } from '../services/postgres.ts';
import { Redis } from '../services/redis.ts';

/** Where a test's database is. Every call of `open` is another process's view of the same one. */
export interface DatabasePlace {
  readonly target: DatabaseTarget;
  open(log?: Log): Database;
}

/** The same tests on a SQLite file and on a PostgreSQL server; each test gets an empty database. */
export function describeDatabases(name: string, tests: (place: () => Promise<DatabasePlace>) => void): void {
  describe(`${name} (sqlite)`, () => {
    const folders: string[] = [];
    afterAll(() => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
    tests(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'moongate-sqlite-'));
      folders.push(folder);
      return placeOf({ kind: 'sqlite', path: join(folder, 'data', 'moongate.db') });
    });
  });
  describe(`${name} (postgres)`, () => {
    let server: Postgres | undefined;
    beforeAll(async () => {
      server = await Postgres.start();
    });
    afterAll(() => server?.[Symbol.asyncDispose]());
    tests(async () => placeOf({ kind: 'postgres', url: (await server?.createDatabase()) ?? '' }));
  });
}

export function placeOf(target: DatabaseTarget): DatabasePlace {
  return { target, open: (log = silentLog) => new Database({ target, clock: systemClock, log }) };
}

/** The same tests in one process and on a Redis server. `join` is another process where there can be one. */
export function describeCoordinations(name: string, tests: (join: () => Coordination) => void): void {
  describe(`${name} (process)`, () => {
    const one = new ProcessCoordination(systemClock);
    tests(() => one);
  });
  describe(`${name} (redis)`, () => {
    let server: Redis | undefined;
    const joined: Coordination[] = [];
    beforeAll(async () => {
      server = await Redis.start();
    });
    afterAll(async () => {
      for (const one of joined) await one.close();
      await server?.[Symbol.asyncDispose]();
    });
    tests(() => {
      const one = joinRedis(server?.url ?? '');
      joined.push(one);
      return one;
    });
  });
}

export function joinRedis(url: string, log: Log = silentLog, clock: Clock = systemClock): RedisCoordination {
  return new RedisCoordination({ url, clock, log });
}
