import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteThread } from './sqlite-thread.ts';
import type { WorkerRequest } from './worker-messages.ts';

/** Kysely on the SQLite file of a thread. Its own SQLite driver is made for a synchronous library on this thread. */
export function sqliteDialect(thread: SqliteThread): Dialect {
  return {
    createDriver: () => new SqliteThreadDriver(thread),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** One connection, lent to one user at a time: a transaction must not catch the statements of others. */
class SqliteThreadDriver implements Driver {
  readonly #connection: SqliteThreadConnection;
  readonly #waiting: (() => void)[] = [];
  #lent = false;

  constructor(thread: SqliteThread) {
    this.#connection = new SqliteThreadConnection(thread);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#lent) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#lent = true;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#lent = false;
  }

  /** IMMEDIATE: a transaction that reads first and writes later could otherwise fail for another process's write. */
  async beginTransaction(): Promise<void> {
    await this.#connection.run('begin immediate');
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.run('commit');
  }

  /** SQLite has rolled back by itself after some failures, such as a full disk; the failure before this one counts. */
  async rollbackTransaction(): Promise<void> {
    await this.#connection.run('rollback').catch(() => {});
  }

  async destroy(): Promise<void> {}
}

class SqliteThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  async run(sql: string): Promise<void> {
    await this.#thread.run(sql);
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows = [], changes } = await this.#thread.run(sql, parameters as WorkerRequest['parameters']);
    return { rows: rows as R[], ...(changes === undefined ? {} : { numAffectedRows: BigInt(changes) }) };
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator; long results are read in pages.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Rows are not streamed: read them in pages.');
  }
}
