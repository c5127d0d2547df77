import type { Kysely } from 'kysely';
import type { EngineKind } from './engine.ts';

/** A step in which the tables change. A released one never changes again. */
export interface Migration {
  /** `0001-ledger`: the number decides the order, and stands for ever. */
  readonly id: string;
  /**
   * Runs in a transaction, on a schema that only the steps before it have made. The types of columns that both engines
   * know alike: `text`, `bigint` (whole numbers, times in milliseconds, 0 and 1), `double precision`, `bytea`.
   */
  up(db: Kysely<unknown>, engine: EngineKind): Promise<void>;
}
