/**
 * The thread that holds the SQLite file. node:sqlite is synchronous: here a slow disk, a check or a long query stops
 * this thread, and never a stream of the gateway. It needs little beside Node, and runs from the source as well.
 */
import { statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type PackedRows, rowCount, statementFor, unpackRows } from '../packed-rows.ts';
import type { WorkerAnswer, WorkerFailure, WorkerRequest } from './worker-messages.ts';

const { path } = workerData as { readonly path: string };
const STATEMENTS_KEPT = 200;
/** How long a statement waits for another process that writes to the same file. */
const BUSY_MS = 5_000;
/** The check reads the whole file, about a second for each half gigabyte; larger ones are checked by `moongate backup`. */
const CHECKED_BYTES = 256 * 1024 * 1024;
/** Beyond some fifty rows a longer statement is no cheaper. */
const ROWS_A_STATEMENT = 50;
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;

const statements = new Map<string, StatementSync>();
let database: DatabaseSync | undefined;
let fullPiece: { readonly of: string; readonly text: string } | undefined;

function open(): DatabaseSync {
  const opened = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    useWriteAheadLog(opened);
    // FULL: a commit that was acknowledged has reached the disk, so that it outlives a power cut and not only a
    // killed process. It costs this thread a sync for each commit, and the gateway nothing.
    opened.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY');
    if (statSync(path).size <= CHECKED_BYTES) check(opened);
    return opened;
  } catch (cause) {
    opened.close();
    throw cause;
  }
}

/** The switch to WAL does not wait for other processes that are just doing the same, so it is tried again. */
function useWriteAheadLog(opened: DatabaseSync): void {
  const end = Date.now() + BUSY_MS;
  for (;;) {
    try {
      opened.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (cause) {
      if ((failureOf(cause).errcode & 0xff) !== SQLITE_BUSY || Date.now() > end) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function check(opened: DatabaseSync): void {
  const row = opened.prepare('PRAGMA quick_check(1)').get();
  const found = Object.values(row ?? {})[0];
  if (found === 'ok') return;
  throw Object.assign(new Error(String(found)), { errcode: SQLITE_CORRUPT });
}

function run({ id, sql, parameters }: WorkerRequest): WorkerAnswer {
  if (database === undefined) throw new Error('The file is closed.');
  if (arePacked(parameters)) return insert(database, { id, sql, parameters });
  const statement = prepare(database, sql ?? '');
  if (statement.columns().length > 0) return { id, rows: statement.all(...parameters) };
  return { id, rows: [], changes: statement.run(...parameters).changes };
}

function arePacked(parameters: WorkerRequest['parameters']): parameters is readonly PackedRows[] {
  const [first] = parameters;
  return typeof first === 'object' && first !== null && 'kinds' in first;
}

/** A statement for each piece of a batch, so that few of them have to be prepared; one commit for all. */
function insert(opened: DatabaseSync, { id, sql, parameters }: WorkerRequest & { parameters: readonly PackedRows[] }) {
  opened.exec('SAVEPOINT rows');
  try {
    for (const rows of parameters) insertBatch(opened, sql ?? '', rows);
    opened.exec('RELEASE rows');
  } catch (cause) {
    // After some failures, such as a full disk, SQLite has rolled back by itself.
    if (opened.isTransaction) opened.exec('ROLLBACK TO rows; RELEASE rows');
    throw cause;
  }
  return { id, rows: [] };
}

function insertBatch(opened: DatabaseSync, text: string, rows: PackedRows): void {
  const count = rowCount(rows);
  for (let from = 0; from < count; from += ROWS_A_STATEMENT) {
    const to = Math.min(from + ROWS_A_STATEMENT, count);
    const statement = prepare(opened, rowStatement(text, to - from, rows.kinds.length));
    statement.run(...(unpackRows(rows, from, to) as SQLInputValue[]));
  }
}

/** The text of a full piece is made once. */
function rowStatement(text: string, rows: number, columns: number): string {
  if (rows === ROWS_A_STATEMENT && fullPiece?.of === text) return fullPiece.text;
  const made = statementFor(text, rows, columns, () => '?');
  if (rows === ROWS_A_STATEMENT) fullPiece = { of: text, text: made };
  return made;
}

function prepare(opened: DatabaseSync, sql: string): StatementSync {
  const known = statements.get(sql);
  if (known) return known;
  const statement = opened.prepare(sql);
  // A changed schema is noticed by SQLite itself; only the number is bounded here.
  if (statements.size >= STATEMENTS_KEPT) statements.clear();
  statements.set(sql, statement);
  return statement;
}

function failureOf(cause: unknown): WorkerFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  const errcode = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) : 0;
  return { message, errcode };
}

function answer(id: number, work: () => WorkerAnswer): void {
  try {
    parentPort?.postMessage(work());
  } catch (cause) {
    parentPort?.postMessage({ id, failure: failureOf(cause) } satisfies WorkerAnswer);
  }
}

answer(0, () => {
  database = open();
  return { id: 0 };
});

parentPort?.on('message', (request: WorkerRequest) => {
  answer(request.id, () => {
    if (request.sql !== undefined) return run(request);
    statements.clear();
    database?.close();
    database = undefined;
    return { id: request.id };
  });
  if (request.sql === undefined) parentPort?.close();
});
