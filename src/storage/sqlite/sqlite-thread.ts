import { Worker } from 'node:worker_threads';
import type { WorkerAnswer, WorkerFailure, WorkerRequest } from './worker-messages.ts';

/** What SQLite refused. */
export class SqliteFailure extends Error {
  /** SQLite's extended result code; 0 where the thread itself ended. */
  readonly errcode: number;

  constructor({ message, errcode }: WorkerFailure) {
    super(message);
    this.name = 'SqliteFailure';
    this.errcode = errcode;
  }
}

interface Waiting {
  resolve(answer: WorkerAnswer): void;
  reject(cause: Error): void;
}

/** The build puts the thread's file beside the folder of chunks, in which this module ends up. */
const FILE = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : '../sqlite-worker.js', import.meta.url);

/** Rows pass through quickly; a query whose answer does not fit ends the thread, and the next use begins another. */
const MEMORY = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };

/** One SQLite file in a thread of its own. Statements are run in the order in which they are asked for. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #ended: Error | undefined;
  /** Resolves when the file is open. */
  readonly opened: Promise<unknown>;

  constructor(path: string) {
    this.#worker = new Worker(FILE, { workerData: { path }, resourceLimits: MEMORY });
    this.opened = new Promise<WorkerAnswer>((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    this.#worker.on('message', (answer: WorkerAnswer) => this.#settle(answer));
    this.#worker.on('error', (cause) => this.#end(cause instanceof Error ? cause : new Error(String(cause))));
    this.#worker.on('exit', (code) => this.#end(new Error(`The thread of the database ended with ${code}.`)));
  }

  /** Whether the thread can still be asked. */
  get alive(): boolean {
    return this.#ended === undefined;
  }

  run(sql: string, parameters: WorkerRequest['parameters'] = []): Promise<WorkerAnswer> {
    return this.#ask({ id: this.#next++, sql, parameters });
  }

  /** Ends what was asked before, then closes the file. */
  async close(): Promise<void> {
    if (this.#ended) return;
    await this.#ask({ id: this.#next++, sql: undefined, parameters: [] });
    await this.#worker.terminate();
  }

  #ask(request: WorkerRequest): Promise<WorkerAnswer> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      // A thread that is asked nothing must not keep the process alive.
      this.#worker.ref();
      this.#worker.postMessage(request);
    });
  }

  #settle(answer: WorkerAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (answer.failure) waiting?.reject(new SqliteFailure(answer.failure));
    else waiting?.resolve(answer);
  }

  #end(cause: Error): void {
    this.#ended ??= new SqliteFailure({ message: cause.message, errcode: 0 });
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
