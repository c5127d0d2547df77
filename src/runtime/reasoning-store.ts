import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import {
  type BoundedReasoningMemory,
  DEFAULT_REASONING_LIMITS,
  type ReasoningEntry,
  type ReasoningLimits,
} from '../dialect/reasoning/bounded-reasoning-memory.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from '../state.ts';
import type { ReasoningTable } from '../storage/tables/reasoning.ts';

/** How long answers are gathered before they are written together. */
const GATHER_MS = 2_000;
/** While the database is away the newest wait; older ones are given up. */
const MOST_WAITING = 500;
/** The table is cut back to its limits once in so many writes. */
const TRIM_EVERY = 50;
const ROWS_AT_ONCE = 100;

export interface ReasoningStoreParts {
  readonly database: Database;
  readonly memory: BoundedReasoningMemory;
  readonly limits?: ReasoningLimits;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps what is remembered of thoughts in the database, so that a tool loop goes on over a restart. */
export class ReasoningStore {
  readonly #parts: Required<ReasoningStoreParts>;
  readonly #waiting = new Map<string, ReasoningEntry>();
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #writes = 0;

  constructor(parts: ReasoningStoreParts) {
    this.#parts = { limits: DEFAULT_REASONING_LIMITS, ...parts };
    parts.memory.onRemembered = (entry) => this.#gather(entry);
  }

  /** Takes up what an earlier process has kept. Without its database the gateway begins with nothing remembered. */
  async start(): Promise<void> {
    const { database, memory, limits, clock } = this.#parts;
    const oldest = clock.now() - limits.age;
    await this.#orTold(async () => {
      const rows = await database.use((db) =>
        db
          .selectFrom('reasoning')
          .selectAll()
          .where('at', '>=', oldest)
          .orderBy('at', 'desc')
          .limit(limits.entries)
          .execute(),
      );
      memory.restore(rows.toReversed().map(toEntry));
    });
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    this.#parts.memory.onRemembered = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#write();
  }

  #gather(entry: ReasoningEntry): void {
    this.#waiting.set(idOf(entry), entry);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MOST_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
    this.#cancel ??= this.#parts.clock.after(GATHER_MS, () => {
      this.#cancel = undefined;
      void this.#write();
    });
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#orTold(() => this.#writeNow()));
    return this.#writing;
  }

  async #writeNow(): Promise<void> {
    const { database } = this.#parts;
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, ROWS_AT_ONCE);
      const rows = batch.map(([id, entry]) => toRow(id, entry));
      await database.use((db) =>
        db
          .insertInto('reasoning')
          .values(rows)
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((excluded) => ({
              at: excluded.ref('excluded.at'),
              reasoning: excluded.ref('excluded.reasoning'),
              foreign_key: excluded.ref('excluded.foreign_key'),
              foreign_json: excluded.ref('excluded.foreign_json'),
              size: excluded.ref('excluded.size'),
            })),
          )
          .execute(),
      );
      for (const [id, entry] of batch) if (this.#waiting.get(id) === entry) this.#waiting.delete(id);
    }
    if (this.#writes++ % TRIM_EVERY === 0) await this.#trim();
  }

  /** What is too old goes, and of the rest the oldest beyond the limits. */
  async #trim(): Promise<void> {
    const { database, limits, clock } = this.#parts;
    const oldest = clock.now() - limits.age;
    await database.use(async (db, sql) => {
      await db.deleteFrom('reasoning').where('at', '<', oldest).execute();
      await sql`delete from reasoning where id in (
        select id from (
          select id, sum(size) over (order by at desc, id) as sizes, row_number() over (order by at desc, id) as place
          from reasoning
        ) as counted where sizes > ${limits.bytes} or place > ${limits.entries}
      )`.execute(db);
    });
  }

  /** The database tells by itself that it is lost; anything else is a mistake of ours, and no reason to fail a call. */
  async #orTold(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      if (!(cause instanceof GatewayError)) this.#parts.log.error({ err: cause }, 'thoughts could not be kept');
    }
  }
}

function idOf({ owner, calls }: ReasoningEntry): string {
  return createHash('sha256')
    .update(JSON.stringify([owner, ...calls]))
    .digest('base64url');
}

function toRow(id: string, { owner, calls, reasoning, foreign, at }: ReasoningEntry): ReasoningTable {
  const list = JSON.stringify(calls);
  const { key = null, json = null } = foreign ?? {};
  const size = 2 * (owner.length + list.length + reasoning.length + (json?.length ?? 0));
  return { id, at, owner, calls: list, reasoning, foreign_key: key, foreign_json: json, size };
}

function toEntry(row: ReasoningTable): ReasoningEntry {
  const { owner, calls, reasoning, at, foreign_key: key, foreign_json: json } = row;
  const foreign = key === null || json === null ? {} : { foreign: { key, json } };
  return { owner, calls: JSON.parse(calls) as string[], reasoning, at, ...foreign };
}
