import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import type { CompiledQuery, Kysely, Sql, Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Engine, EngineKind } from './engine.ts';
import { type PackedRows, rowCount, statementFor, unpackRows } from './packed-rows.ts';
import type { Schema } from './schema.ts';

/** Where the rows are: the path of a SQLite file, or the address of a PostgreSQL database. */
export type DatabaseTarget =
  | { readonly kind: 'sqlite'; readonly path: string }
  /** The address holds a password: it is never printed. */
  | { readonly kind: 'postgres'; readonly url: string };

export interface DatabaseParts {
  readonly target: DatabaseTarget;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often a transaction is tried that others came between. */
const TRIES = 12;
const FIRST_PAUSE_MS = 4;
/** After opening has failed nobody tries for this long, so that a dead database does not cost every request a wait. */
const REST_MS = 1_000;

/**
 * What must last. Opened, checked and migrated when it is first needed; nothing of it is loaded before. When it is lost,
 * whoever needs it gets `storage_unavailable`, and the next use finds it again by itself.
 */
export class Database {
  readonly #target: DatabaseTarget;
  readonly #clock: Clock;
  readonly #log: Log;
  #opening: Promise<Opened> | undefined;
  #failure: { readonly error: GatewayError; readonly until: number } | undefined;
  #isLost = false;
  #isClosed = false;

  constructor({ target, clock, log }: DatabaseParts) {
    this.#target = target;
    this.#clock = clock;
    this.#log = log;
  }

  get kind(): EngineKind {
    return this.#target.kind;
  }

  /** `idle`: nobody has needed it yet. */
  get status(): 'idle' | 'open' | 'lost' | 'closed' {
    if (this.#isClosed) return 'closed';
    if (this.#isLost) return 'lost';
    return this.#opening === undefined ? 'idle' : 'open';
  }

  /**
   * Runs single statements. `sql` is Kysely's template tag, handed over so that nobody has to load it before. Throws
   * GatewayError `storage_unavailable` or `storage_unusable`; whatever else SQL refuses is thrown as it is.
   */
  async use<T>(work: (db: Kysely<Schema>, sql: Sql) => Promise<T>): Promise<T> {
    const { engine, sql } = await this.#open();
    try {
      const result = await work(engine.db, sql);
      this.#found();
      return result;
    } catch (cause) {
      throw this.#translate(cause, engine);
    }
  }

  /**
   * Runs a statement with the rows of batches, all of them or none on SQLite, batch by batch on PostgreSQL. `text` says
   * `(rows)` where the places of their values belong. Throws what `use` throws.
   */
  async insert(text: string, batches: readonly PackedRows[]): Promise<void> {
    const { engine, written } = await this.#open();
    try {
      // The thread of SQLite unpacks them itself.
      if (engine.kind === 'sqlite') await engine.db.executeQuery(written(text, [...batches]));
      else {
        for (const rows of batches) {
          const filled = statementFor(text, rowCount(rows), rows.kinds.length, (number) => `$${number}`);
          await engine.db.executeQuery(written(filled, unpackRows(rows)));
        }
      }
      this.#found();
    } catch (cause) {
      throw this.#translate(cause, engine);
    }
  }

  /**
   * Runs `work` as one serializable transaction: as if nobody else did anything meanwhile, on both engines. It may run
   * more than once, so it must touch nothing but the database; and it must not call `use` or `transaction` inside. If
   * the connection is lost while it commits, `storage_unavailable` is thrown although the rows may be there.
   * `read committed` is cheaper on a server: others may come between two statements, so each has to guard itself.
   */
  async transaction<T>(
    work: (transaction: Transaction<Schema>, sql: Sql) => Promise<T>,
    isolation: 'serializable' | 'read committed' = 'serializable',
  ): Promise<T> {
    const { engine, sql } = await this.#open();
    for (let attempt = 1; ; attempt++) {
      try {
        const transaction = engine.db.transaction().setIsolationLevel(isolation);
        const result = await transaction.execute((inside) => work(inside, sql));
        this.#found();
        return result;
      } catch (cause) {
        if (attempt === TRIES || engine.judge(cause) !== 'again') throw this.#translate(cause, engine);
        await this.#pause(FIRST_PAUSE_MS * 2 ** attempt * this.#clock.random());
      }
    }
  }

  /** Whether `cause`, thrown by `use` or `transaction`, says that a row with this key exists. */
  async isTaken(cause: unknown): Promise<boolean> {
    return (await this.#opening)?.engine.judge(cause) === 'taken';
  }

  /**
   * A copy of one moment, checked, while everything goes on. The file must not exist; it appears when it is whole.
   * SQLite only: PostgreSQL has pg_dump.
   */
  async backup(file: string): Promise<void> {
    const { engine } = await this.#open();
    const { backup } = engine;
    if (!backup)
      throw new GatewayError('invalid_request', { message: 'A PostgreSQL database is backed up by pg_dump.' });
    if (existsSync(file)) throw new GatewayError('invalid_request', { message: `There is already a file ${file}.` });
    const draft = `${file}.part`;
    try {
      rmSync(draft, { force: true });
      closeSync(openSync(draft, 'wx', 0o600));
      await backup(draft);
      renameSync(draft, file);
    } catch (cause) {
      rmSync(draft, { force: true });
      throw this.#translate(cause, engine);
    }
  }

  /** Ends what was asked before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const opened = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    await opened?.engine.close();
  }

  async #open(): Promise<Opened> {
    if (this.#isClosed) throw new GatewayError('storage_unavailable', { message: 'The database is closed.' });
    if (this.#failure && this.#clock.now() < this.#failure.until) throw this.#failure.error;
    this.#opening ??= this.#begin();
    const opening = this.#opening;
    const opened = await opening;
    if (opened.engine.alive) return opened;
    if (this.#opening === opening) this.#opening = undefined;
    return this.#open();
  }

  async #begin(): Promise<Opened> {
    try {
      const { openEngine } = await import('./open-engine.ts');
      const opened = await openEngine(this.#target, this.#clock.now(), (cause) => this.#lost(cause));
      this.#failure = undefined;
      this.#found();
      return opened;
    } catch (cause) {
      this.#opening = undefined;
      const error =
        cause instanceof GatewayError ? cause : new GatewayError('storage_unavailable', { message: String(cause) });
      this.#failure = { error, until: this.#clock.now() + REST_MS };
      this.#lost(error.cause ?? error);
      throw error;
    }
  }

  #translate(cause: unknown, engine: Engine): unknown {
    const verdict = engine.judge(cause);
    if (verdict !== 'lost' && verdict !== 'broken') return cause;
    this.#lost(cause);
    return new GatewayError(verdict === 'lost' ? 'storage_unavailable' : 'storage_unusable', { cause });
  }

  /** Told once, and once more when it is over. */
  #lost(cause: unknown): void {
    if (this.#isLost || this.#isClosed) return;
    this.#isLost = true;
    this.#log.error({ why: cause instanceof Error ? cause.message : String(cause) }, 'the database is lost');
  }

  #found(): void {
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#log.warn({}, 'the database is back');
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(ms, resolve));
  }
}

interface Opened {
  readonly engine: Engine;
  readonly sql: Sql;
  readonly written: typeof CompiledQuery.raw;
}
