import { resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { silentLog } from '../log.ts';
import { databaseTarget } from '../state.ts';
import { Database, type DatabaseTarget } from '../storage/database.ts';
import { UsageError } from './command.ts';

/** `postgres://…`, `sqlite:FILE` or a file's path; where nothing is said, what the configuration names. */
export function storeTarget(text: string | undefined, config: Config, flag: string): DatabaseTarget {
  if (text === undefined) return databaseTarget(config);
  if (/^postgres(?:ql)?:\/\//.test(text)) return { kind: 'postgres', url: text };
  const path = text.replace(/^sqlite:(?:\/\/)?/, '');
  // The address may hold a password, so it is not repeated.
  if (path === '' || path.includes('://'))
    throw new UsageError({
      en: `${flag} takes postgres://… or the path of a SQLite file.`,
      zh: `${flag} 的取值是 postgres://… 或 SQLite 文件的路径。`,
    });
  return { kind: 'sqlite', path: resolve(path) };
}

export function openStore(target: DatabaseTarget): Database {
  return new Database({ target, clock: systemClock, log: silentLog });
}

/** For the reader, without a password. */
export function describeStore(target: DatabaseTarget): string {
  if (target.kind === 'sqlite') return target.path;
  const { host, pathname } = new URL(target.url);
  return `postgres://${host}${pathname}`;
}
