import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Config } from './config/index.ts';
import type { Coordination } from './coordination/coordination.ts';
import { ProcessCoordination } from './coordination/process/process-coordination.ts';
import { RedisCoordination } from './coordination/redis/redis-coordination.ts';
import type { Log } from './log.ts';
import { Database, type DatabaseTarget } from './storage/database.ts';

export type { Coordination } from './coordination/coordination.ts';
export type { Database } from './storage/database.ts';

/** What outlives a request: rows that last, and what replicas share. One for each process; a reload keeps it. */
export interface State {
  readonly database: Database;
  readonly coordination: Coordination;
  /** Last of all: what others still have to write must be written before. */
  close(): Promise<void>;
}

/** Opens nothing yet: the database is opened by its first user, and a coordination server in the background. */
export function createState(config: Config, clock: Clock, log: Log): State {
  const database = new Database({ target: databaseTarget(config), clock, log });
  const coordination =
    config.coordination === undefined
      ? new ProcessCoordination(clock)
      : new RedisCoordination({ url: config.coordination.reveal(), clock, log });
  return {
    database,
    coordination,
    async close() {
      await coordination.close();
      await database.close();
    },
  };
}

export function databaseTarget({ data, database }: Config): DatabaseTarget {
  if (database !== undefined) return { kind: 'postgres', url: database.reveal() };
  return { kind: 'sqlite', path: join(data, 'moongate.db') };
}

/** Whether there can be rows of an earlier time, or of others. */
export function mayHoldRows(config: Config): boolean {
  const target = databaseTarget(config);
  return target.kind === 'postgres' || existsSync(target.path);
}
