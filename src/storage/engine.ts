import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type EngineKind = 'sqlite' | 'postgres';

/** What a failure of an engine means for whoever asked. */
export type Verdict =
  /** The database cannot be reached or cannot answer now. */
  | 'lost'
  /** The database is damaged, or is no database. */
  | 'broken'
  /** Another transaction came between: the same work may be done again. */
  | 'again'
  /** A row with this key exists. */
  | 'taken'
  /** The statement itself is wrong. */
  | 'other';

/** An open database. */
export interface Engine {
  readonly kind: EngineKind;
  readonly db: Kysely<Schema>;
  /** False when the engine has to be opened anew. */
  readonly alive: boolean;
  judge(cause: unknown): Verdict;
  /** Writes a checked copy to a file that is empty; undefined where the engine has tools of its own for it. */
  readonly backup?: (file: string) => Promise<void>;
  close(): Promise<void>;
}
