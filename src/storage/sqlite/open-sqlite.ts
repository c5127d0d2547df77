import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import type { Engine, Verdict } from '../engine.ts';
import type { Schema } from '../schema.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { SqliteFailure, SqliteThread } from './sqlite-thread.ts';

export async function openSqlite(path: string): Promise<Engine> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives its other files the mode of this one.
  closeSync(openSync(path, 'a', 0o600));
  const thread = new SqliteThread(path);
  await thread.opened;
  const db = new Kysely<Schema>({ dialect: sqliteDialect(thread) });
  return {
    kind: 'sqlite',
    db,
    get alive() {
      return thread.alive;
    },
    judge: judgeSqlite,
    backup: (file) => backup(thread, file),
    async close() {
      await db.destroy();
      await thread.close();
    },
  };
}

/** The copy is of one moment, whoever writes meanwhile, and without the gaps of deleted rows. */
async function backup(thread: SqliteThread, file: string): Promise<void> {
  await thread.run('VACUUM INTO ?', [file]);
  await thread.run('ATTACH DATABASE ? AS copy', [file]);
  try {
    const { rows = [] } = await thread.run('PRAGMA copy.integrity_check(1)');
    const found = Object.values(rows[0] ?? {})[0];
    if (found !== 'ok') throw new SqliteFailure({ message: `the copy is damaged: ${found}`, errcode: SQLITE_CORRUPT });
  } finally {
    await thread.run('DETACH DATABASE copy');
  }
}

const SQLITE_CORRUPT = 11;

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const VERDICTS: ReadonlyMap<number, Verdict> = new Map([
  [0, 'lost'], // the thread ended
  [5, 'lost'], // BUSY: another process holds the file for longer than we wait
  [7, 'lost'], // NOMEM
  [8, 'lost'], // READONLY
  [10, 'lost'], // IOERR
  [11, 'broken'], // CORRUPT
  [13, 'lost'], // FULL
  [14, 'lost'], // CANTOPEN
  [26, 'broken'], // NOTADB
]);
const UNIQUE = new Set([1555, 2067]); // CONSTRAINT_PRIMARYKEY, CONSTRAINT_UNIQUE

export function judgeSqlite(cause: unknown): Verdict {
  if (!(cause instanceof SqliteFailure)) {
    // The folder could not be made, or the file not be opened.
    return cause instanceof Error && 'syscall' in cause ? 'lost' : 'other';
  }
  if (UNIQUE.has(cause.errcode)) return 'taken';
  return VERDICTS.get(cause.errcode & 0xff) ?? 'other';
}
