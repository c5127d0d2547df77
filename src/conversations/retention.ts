import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/database.ts';
import { type ConversationSettings, forgottenBefore } from './settings.ts';

/** How often everything is looked through, once there are conversations. */
const SWEEP_MS = 10 * 60_000;
/** An owner's own limits are looked at no more often. */
const OWNER_MS = 1_000;
/** What goes at once. */
const MOST = 200;

/** By whom and how a conversation is named. */
export interface Named {
  readonly owner: string;
  readonly name: string;
}

export interface RetentionParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => ConversationSettings;
  isRunning(conversation: Named): boolean;
}

interface Limits {
  readonly keep: number;
  readonly bytes: number;
}

/** Forgets what is too old or too much: those first that were not used for longest. */
export class Retention {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #settings: () => ConversationSettings;
  /** A turn of it is under way here: it is being used, whatever its row says. */
  readonly #isRunning: (conversation: Named) => boolean;
  #cancel: (() => void) | undefined;
  readonly #due = new Map<string, () => void>();
  #working: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor({ database, clock, log, settings, isRunning }: RetentionParts) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
    this.#settings = settings;
    this.#isRunning = isRunning;
  }

  /** From now on everything is looked through from time to time. */
  begin(): void {
    if (this.#isClosed) return;
    this.#cancel ??= this.#clock.after(SWEEP_MS, () => {
      this.#cancel = undefined;
      this.#work(() => this.sweep());
      this.begin();
    });
  }

  /** Something of this owner's was written. */
  written(owner: string): void {
    if (this.#isClosed) return;
    this.begin();
    if (this.#due.has(owner)) return;
    const cancel = this.#clock.after(OWNER_MS, () => {
      this.#due.delete(owner);
      this.#work(() => this.#enforceFor(owner));
    });
    this.#due.set(owner, cancel);
  }

  /** Everything that is too old or too much, of everybody. */
  async sweep(): Promise<void> {
    const before = forgottenBefore(this.#settings(), this.#clock.now());
    for (let ids = await this.#oldest(before); ids.length > 0; ids = await this.#oldest(before))
      await this.#delete(ids);
    const owners = await this.#database.use((db) =>
      db.selectFrom('conversations').select('owner').distinct().execute(),
    );
    for (const { owner } of owners) await this.#enforceFor(owner);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    for (const cancel of this.#due.values()) cancel();
    await this.#working;
  }

  async #enforceFor(owner: string): Promise<void> {
    const { keep, bytes, keep_all, bytes_all } = this.#settings();
    await this.#enforce(owner, { keep, bytes });
    await this.#enforce(undefined, { keep: keep_all, bytes: bytes_all });
  }

  /** Of one owner, or of all: then the oldest of all go. */
  async #enforce(owner: string | undefined, limits: Limits): Promise<void> {
    for (;;) {
      const gone = await this.#surplus(owner, limits);
      if (gone.length === 0) return;
      await this.#delete(gone);
    }
  }

  async #surplus(owner: string | undefined, limits: Limits): Promise<readonly string[]> {
    return this.#database.use(async (db) => {
      const mine =
        owner === undefined
          ? db.selectFrom('conversations')
          : db.selectFrom('conversations').where('owner', '=', owner);
      const { count, bytes } = await mine
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number | null>('bytes').as('bytes')])
        .executeTakeFirstOrThrow();
      let surplus = count - limits.keep;
      let excess = (bytes ?? 0) - limits.bytes;
      if (surplus <= 0 && excess <= 0) return [];
      const oldest = await mine
        .select(['id', 'bytes', 'owner', 'name'])
        .orderBy('used_at')
        .orderBy('id')
        .limit(MOST)
        .execute();
      const gone: string[] = [];
      for (const row of oldest) {
        if (surplus <= 0 && excess <= 0) break;
        if (this.#isRunning(row)) continue;
        gone.push(row.id);
        surplus--;
        excess -= row.bytes;
      }
      return gone;
    });
  }

  async #oldest(before: number): Promise<readonly string[]> {
    const rows = await this.#database.use((db) =>
      db
        .selectFrom('conversations')
        .select(['id', 'owner', 'name'])
        .where('used_at', '<', before)
        .limit(MOST)
        .execute(),
    );
    return rows.filter((row) => !this.#isRunning(row)).map(({ id }) => id);
  }

  async #delete(ids: readonly string[]): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.deleteFrom('conversations').where('id', 'in', ids).execute();
      await transaction.deleteFrom('conversation_turns').where('conversation', 'in', ids).execute();
    }, 'read committed');
  }

  #work(task: () => Promise<void>): void {
    this.#working = this.#working
      .then(task)
      .catch((cause: unknown) => this.#log.warn({ err: cause }, 'old conversations could not be forgotten'));
  }
}
