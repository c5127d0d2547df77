import { type DestinationStream, destination, type Level, pino, stdSerializers } from 'pino';
import { PrettyLines } from './log-pretty.ts';
import type { LogTail } from './log-tail.ts';

/** What the gateway writes about itself. Bodies and secrets never come here; credentials print as their masks. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** The line of one answered request. `fields` hold no secrets: it is written as it is. */
  request(fields: object): void;
  /** Writes out what is still held back. */
  flush(): void;
}

export interface LogOptions {
  readonly level: Level | 'silent';
  readonly pretty: boolean;
  /** Default: standard error. */
  readonly destination?: DestinationStream;
  /** Remembers the last lines, as JSON. */
  readonly tail?: LogTail;
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

export function createLog({ level, pretty, destination: given, tail }: LogOptions): Log {
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
    tail === undefined ? stream : both(stream, tail),
  );
  const lines = new RequestLines((text) => {
    file.write(text);
    tail?.write(text);
  });
  const isShown = logger.isLevelEnabled('info');
  const write = (method: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
    lines.flush();
    logger[method](fields, message);
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    request(fields) {
      if (!isShown) return;
      if (pretty) logger.info(fields, REQUEST_MESSAGE);
      else lines.add(fields);
    },
    flush() {
      lines.flush();
      if ('flushSync' in file) (file as { flushSync(): void }).flushSync();
    },
  };
}

function both(first: DestinationStream, second: DestinationStream): DestinationStream {
  return {
    write(text) {
      first.write(text);
      second.write(text);
    },
  };
}

const REQUEST_MESSAGE = 'answered';
/** Characters that are collected before they are written. */
const COLLECTED = 16 * 1024;

/**
 * The lines of requests, in the form of all the others. There is one for each request, and written here they cost a
 * fifth of what the logger needs for them.
 */
class RequestLines {
  readonly #write: (text: string) => void;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #second = 0;
  #date = '';

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  add(fields: object): void {
    this.#pending += `{"level":"info","time":"${this.#time()}",${JSON.stringify(fields).slice(1, -1)},"msg":"${REQUEST_MESSAGE}"}\n`;
    if (this.#pending.length >= COLLECTED) this.flush();
    else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.flush(), FLUSH_MS);
      this.#timer.unref();
    }
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#write(text);
  }

  /** The date is made once a second. */
  #time(): string {
    const now = Date.now();
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = new Date(second * 1_000).toISOString().slice(0, 20);
    }
    return `${this.#date}${String(now % 1_000).padStart(3, '0')}Z`;
  }
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, request() {}, flush() {} };

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
