import { Kysely, PostgresDialect } from 'kysely';
import { Pool, TypeOverrides } from 'pg';
import type { Engine, Verdict } from '../engine.ts';
import type { Schema } from '../schema.ts';

const CONNECTIONS = 10;
const CONNECT_MS = 5_000;
/** The longest statement; a connection that hangs is noticed by it. */
const QUERY_MS = 60_000;
const INT8 = 20;
const NUMERIC = 1700;

export function openPostgres(url: string, onIdleLoss: (cause: Error) => void): Engine {
  const types = new TypeOverrides();
  // Counts, sums and times come as 64 bit; ours all fit into a number, as SQLite gives them.
  types.setTypeParser(INT8, Number);
  types.setTypeParser(NUMERIC, Number);
  const pool = new Pool({
    connectionString: url,
    application_name: 'moongate',
    types,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    statement_timeout: QUERY_MS,
    idle_in_transaction_session_timeout: QUERY_MS,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', onIdleLoss);
  // One that breaks between two statements of a transaction would too; the next statement says it.
  pool.on('connect', (client) => void client.on('error', () => {}));
  return {
    kind: 'postgres',
    db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
    alive: true,
    judge,
    close: () => pool.end(),
  };
}

/** SQLSTATE classes and codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOST = /^(?:08|28|53|57P0|58)|^(?:3D000|25006|57014)$/;
const AGAIN = new Set(['40001', '40P01']);
/** What the client library says in words only. */
const LOST_WORDS =
  /connection (?:terminated|ended|error)|timeout exceeded when trying to connect|read timeout|not queryable/i;

function judge(cause: unknown): Verdict {
  if (cause instanceof AggregateError) return cause.errors.some((error) => judge(error) === 'lost') ? 'lost' : 'other';
  if (!(cause instanceof Error)) return 'other';
  if ('syscall' in cause) return 'lost';
  const code = 'code' in cause ? String(cause.code) : '';
  if (AGAIN.has(code)) return 'again';
  if (code === '23505') return 'taken';
  if (code === 'XX001' || code === 'XX002') return 'broken';
  return LOST.test(code) || LOST_WORDS.test(cause.message) || /^E[A-Z]+$/.test(code) ? 'lost' : 'other';
}
