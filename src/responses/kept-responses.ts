import type { Clock } from '../clock.ts';
import type { Database } from '../storage/database.ts';
import { BackgroundRuns } from './background-runs.ts';
import { DatabaseResponseStore } from './database-response-store.ts';
import { MemoryResponseStore } from './memory-response-store.ts';
import type { ResponseStore, StoreLimits } from './response-store.ts';

/** What the gateway has of earlier responses, and what it is still working on. */
export interface KeptResponses {
  readonly store: ResponseStore;
  readonly runs: BackgroundRuns;
}

export interface KeptSettings extends StoreLimits {
  readonly store: 'memory' | 'database';
  /** The most responses that may be worked on at once without a reader. */
  readonly background: number;
}

/** The limits follow the configuration as it changes; where responses are kept is decided once. */
export function keepResponses(database: Database, clock: Clock, limits: () => KeptSettings): KeptResponses {
  const inMemory = limits().store === 'memory';
  return {
    store: inMemory ? new MemoryResponseStore(clock, limits) : new DatabaseResponseStore(database, clock, limits),
    runs: new BackgroundRuns(clock, () => limits().background),
  };
}
