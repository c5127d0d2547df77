import { basename } from 'node:path';
import { CompiledQuery, type Sql, sql } from 'kysely';
import { GatewayError } from '../errors.ts';
import type { DatabaseTarget } from './database.ts';
import type { Engine } from './engine.ts';
import { migrate } from './migrate.ts';

/** Opens, checks and migrates. Throws `storage_unavailable` or `storage_unusable`. */
export async function openEngine(
  target: DatabaseTarget,
  now: number,
  onIdleLoss: (cause: Error) => void,
): Promise<{ readonly engine: Engine; readonly sql: Sql; readonly written: typeof CompiledQuery.raw }> {
  const engine = target.kind === 'sqlite' ? await openFile(target.path) : await openServer(target.url, onIdleLoss);
  try {
    await migrate(engine.db, engine.kind, now);
    return { engine, sql, written: CompiledQuery.raw };
  } catch (cause) {
    await engine.close();
    throw failure(cause, engine.judge(cause) === 'broken', target);
  }
}

async function openFile(path: string): Promise<Engine> {
  const { openSqlite, judgeSqlite } = await import('./sqlite/open-sqlite.ts');
  try {
    return await openSqlite(path);
  } catch (cause) {
    throw failure(cause, judgeSqlite(cause) === 'broken', { kind: 'sqlite', path });
  }
}

/** Only loaded where it is used. */
async function openServer(url: string, onIdleLoss: (cause: Error) => void): Promise<Engine> {
  const { openPostgres } = await import('./postgres/open-postgres.ts');
  return openPostgres(url, onIdleLoss);
}

function failure(cause: unknown, isBroken: boolean, target: DatabaseTarget): GatewayError {
  if (cause instanceof GatewayError) return cause;
  if (!isBroken) return new GatewayError('storage_unavailable', { cause });
  const what = target.kind === 'sqlite' ? `The file ${basename(target.path)}` : 'The database';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GatewayError('storage_unusable', { message: `${what} is damaged: ${why}.`, cause });
}
