import { type DestinationStream, destination, type Level, pino } from 'pino';
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

/** Header names and members whose values are cut out should they ever be logged as part of an object. */
const REDACTED = [
  'authorization',
  'cookie',
  'key',
  'token',
  'secret',
  'api_key',
  'refresh_token',
  'access_token',
  '["x-api-key"]',
];

export function createLog({ level, pretty, destination: given }: LogOptions): Log {
  // Lines are collected and written together: a write for each request would cost more than the rest of the logging.
  const file = given ?? destination({ fd: 2, sync: false, minLength: pretty ? 0 : 4096, periodicFlush: FLUSH_MS });
  const stream = pretty ? new PrettyLines(file) : file;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: REDACTED.flatMap((name) => [
        name.startsWith('[') ? name : `${name}`,
        name.startsWith('[') ? `*${name}` : `*.${name}`,
      ]),
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
