import { type DestinationStream, destination, type Level, pino, stdSerializers } from 'pino';
import { PrettyLines } from './log-pretty.ts';

/** What the gateway writes about itself. Bodies and secrets never come here; credentials print as their masks. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Writes out what is still held back. */
  flush(): void;
}

export interface LogOptions {
  readonly level: Level | 'silent';
  readonly pretty: boolean;
  /** Default: standard error. */
  readonly destination?: DestinationStream;
}

/** The longest that a line waits for others. */
const FLUSH_MS = 500;

/** Header names and members whose values are cut out should they ever be logged, at the top or one level below. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'key',
  'token',
  'secret',
  'api_key',
  'refresh_token',
  'access_token',
  'x-api-key',
]);

export function createLog({ level, pretty, destination: given }: LogOptions): Log {
  // Lines are collected and written together: a write for each request would cost more than the rest of the logging.
  const file = given ?? destination({ fd: 2, sync: false, minLength: pretty ? 0 : 4096, periodicFlush: FLUSH_MS });
  const stream = pretty ? new PrettyLines(file) : file;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Errors are made plain before they get there.
      serializers: { err: (error: unknown) => error },
      formatters: { level: (label) => ({ level: label }), log: (fields) => redacted(fields, 1) },
    },
    stream,
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    flush: () => {
      if ('flushSync' in file) (file as { flushSync(): void }).flushSync();
    },
  };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, flush() {} };

/**
 * The same object if nothing has to be cut out. Looking at the names costs a fifth of pino's own redaction, which
 * clones every line; that was a sixth of all that a small request costs.
 */
function redacted(fields: Readonly<Record<string, unknown>>, levels: number): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const name in fields) {
    const value = fields[name];
    const kept = SECRET_NAMES.has(name) ? '[Redacted]' : levels > 0 ? redactedInside(value, levels - 1) : value;
    if (kept === value) continue;
    copy ??= { ...fields };
    copy[name] = kept;
  }
  return copy ?? fields;
}

function redactedInside(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // An error's message and stack are not enumerable: a copy of it would lose them.
  const plain = value instanceof Error ? stdSerializers.err(value) : value;
  return redacted(plain as Readonly<Record<string, unknown>>, levels);
}
