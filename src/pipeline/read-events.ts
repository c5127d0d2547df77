import { GatewayError } from '../errors.ts';
import { SseReader } from '../stream/sse-reader.ts';
import type { ReplyBody } from '../upstreams/adapter.ts';

/** The synchronous part of reading a stream: one run of whole events in, what is left of it out. */
export interface EventPass {
  /** The event that closes the stream was read. */
  readonly done: boolean;
  /** The client has all that it will get. */
  readonly enough: boolean;
  /** What ended the stream behind the events of the last run. */
  readonly failure: unknown;
  /**
   * In a stream that has begun, the events before one that fails still go out, and the failure waits; in one that has
   * not, it is thrown at once, so that another attempt can be made.
   */
  run(run: Buffer, begun: boolean): Buffer;
  /** What follows the surface's last bytes, which may lack their blank line. Throws stream_cut if the end is missing. */
  end(rest: Buffer | undefined): Buffer;
}

export interface EventReading {
  /** The largest event, bytes. */
  readonly eventLimit: number;
  /** Called once when the reading is over: without an error if the stream came to its proper end. */
  readonly ended: (error: GatewayError | undefined) => void;
}

/** What the pass leaves of a stream. It has one end: it returns where the pass found a proper one, and throws where not. */
export async function* readEvents(
  source: ReplyBody,
  pass: EventPass,
  { eventLimit, ended }: EventReading,
): AsyncGenerator<Buffer> {
  // Until proven otherwise: a reader that stops early has left.
  let error: GatewayError | undefined = new GatewayError('client_closed');
  const reader = new SseReader(eventLimit);
  let begun = false;
  try {
    for await (const piece of source) {
      const run = reader.push(piece);
      const out = run && pass.run(run, begun);
      if (out && out.length > 0) {
        yield out;
        begun = true;
      }
      if (pass.failure) throw pass.failure;
      if (pass.done) {
        source.release();
        break;
      }
      // The call is given up by leaving the loop.
      if (pass.enough) break;
    }
    const end = pass.end(reader.rest());
    if (end.length > 0) yield end;
    error = undefined;
  } catch (thrown) {
    error = GatewayError.from(thrown);
    throw error;
  } finally {
    ended(error);
  }
}

const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;
const BLANK_LINE = Buffer.from('\n\n');

/** Every event ends as a JSON object does. One that does not is parsed, so that a torn one never reaches the client. */
export function looksWhole(run: Buffer): boolean {
  for (let at = run.indexOf(BLANK_LINE); at !== -1; at = run.indexOf(BLANK_LINE, at + 2)) {
    if (run[at - 1] !== CLOSE_BRACE) return false;
  }
  return run[run.length - 1] === LINE_FEED && run[run.length - 2] === LINE_FEED;
}

/** The event's data, if it is an object. */
export function parseEvent(data: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
