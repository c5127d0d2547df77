import { type DestinationStream, destination, type Level, pino, stdSerializers } from 'pino';
import { LogLines } from './log-lines.ts';
import { PrettyLines } from './log-pretty.ts';
import type { LogTail } from './log-tail.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the gateway writes about itself. Bodies and secrets never come here; credentials print as their masks. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** The line of one answered request: `fields`, then `more`, as they are. No secret is in them, and no name in both. */
  request(fields: Fields, more?: Fields): void;
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

/** Takes one or more whole lines; bytes are UTF-8. */
export interface LineSink {
  write(lines: string | Buffer): void;
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
  const file = given === undefined ? bytesTo(2, pretty ? 0 : 4096) : undefined;
  const sink: LineSink = file ?? { write: (lines) => void given?.write(lines.toString()) };
  const stream = pretty ? new PrettyLines(sink) : sink;
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
  const lines = new RequestLines(tail === undefined ? sink : both(sink, tail));
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
    request(fields, more) {
      if (!isShown) return;
      if (pretty) logger.info({ ...fields, ...more }, REQUEST_MESSAGE);
      else lines.add(fields, more);
    },
    flush() {
      lines.flush();
      file?.flushSync();
    },
  };
}

function bytesTo(fd: number, minLength: number): LineSink & { flushSync(): void } {
  const file = destination({ fd, sync: false, minLength, periodicFlush: FLUSH_MS, contentMode: 'buffer' });
  return {
    write(lines) {
      // Its types know texts only; in this mode it takes bytes.
      (file as unknown as LineSink).write(typeof lines === 'string' ? Buffer.from(lines) : lines);
    },
    flushSync: () => file.flushSync(),
  };
}

function both(first: LineSink, second: LineSink): LineSink {
  return {
    write(lines) {
      first.write(lines);
      second.write(lines);
    },
  };
}

const REQUEST_MESSAGE = 'answered';
const REQUEST_END = `,"msg":"${REQUEST_MESSAGE}"}\n`;
/** Bytes that are collected before they are written. */
const COLLECTED = 64 * 1024;

/**
 * The lines of requests, in the form of all the others. There is one for each request, and written here they cost a
 * tenth of what the logger needs for them.
 */
class RequestLines {
  readonly #sink: LineSink;
  readonly #lines = new LogLines(COLLECTED);
  #timer: NodeJS.Timeout | undefined;
  #second = 0;
  #date = '';

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  add(fields: Fields, more: Fields | undefined): void {
    this.#lines.raw(`{"level":"info","time":"${this.#time()}"`);
    this.#lines.members(fields);
    if (more) this.#lines.members(more);
    this.#lines.raw(REQUEST_END);
    if (this.#lines.length >= COLLECTED) this.flush();
    else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.flush(), FLUSH_MS);
      this.#timer.unref();
    }
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines.length > 0) this.#sink.write(this.#lines.take());
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
function redacted(fields: Fields, levels: number): Record<string, unknown> {
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
  return redacted(plain as Fields, levels);
}
