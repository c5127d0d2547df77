import type { ChatChunk } from '../chat/chat.ts';
import type { AnswerRepairs } from '../dialect/repair-answer.ts';
import { GatewayError } from '../errors.ts';
import { type SseEvent, SseReader, splitEvents } from '../stream/sse-reader.ts';
import { writeEvent } from '../stream/sse-writer.ts';
import type { ReplyBody } from '../upstreams/adapter.ts';

export interface StreamReading {
  readonly repairs: AnswerRepairs;
  /** The largest event, bytes. */
  readonly eventLimit: number;
  /** Turns an error object inside the stream into the error that it means. */
  readonly explain: (error: unknown) => GatewayError;
  /** Sees the chunks that close a choice or carry usage, before they are repaired. */
  readonly observe: (chunk: ChatChunk) => void;
  /** Called once when the reading is over: without an error if the stream came to its proper end. */
  readonly ended: (error: GatewayError | undefined) => void;
}

/**
 * The repaired events of a chat stream, as runs of whole events, without the final `[DONE]`.
 *
 * Chunks that concern no repair are yielded as the bytes that came. The stream has one end: it returns when the surface
 * has closed it properly, and throws stream_cut, or the error that the surface sent, when it has not.
 */
export async function* readChatStream(source: ReplyBody, reading: StreamReading): AsyncGenerator<Buffer> {
  // Until proven otherwise: a reader that stops early has left.
  let error: GatewayError | undefined = new GatewayError('client_closed');
  const reader = new SseReader(reading.eventLimit);
  const pass = new Pass(reading);
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
      // A repair has all that the client will get: the call is given up by leaving the loop.
      if (reading.repairs.finished()) break;
    }
    const end = pass.end(reader.rest());
    if (end.length > 0) yield end;
    error = undefined;
  } catch (thrown) {
    error = GatewayError.from(thrown);
    throw error;
  } finally {
    reading.ended(error);
  }
}

/**
 * The endings of `"finish_reason":"`, `"error"`, `[DONE]` and `"usage":{`. Native search looks for the first byte of a
 * short text (below 8 bytes), so one that begins with a rare byte is found at a quarter of the cost of the whole, which
 * begins with a quote like everything in JSON: 1.7 against 7.3 µs in 20 chunks. What is met by chance is only parsed.
 */
const SIGNS = ['son":"', 'rror"', 'DONE]', 'sage":{'].map((text) => Buffer.from(text));
const NOTHING = Buffer.alloc(0);
const SPACED_JSON = /": /;

/** The synchronous part: one run of events in, what is left of it out. */
class Pass {
  /** `[DONE]` was read. */
  done = false;
  /** A choice was closed with a reason. */
  finished = false;
  /** What ended the stream behind the events of the last run. */
  failure: unknown;
  readonly #reading: StreamReading;
  /** The surface writes compact JSON, so that texts can be looked for in the bytes; undefined before the first event. */
  #compact: boolean | undefined;

  constructor(reading: StreamReading) {
    this.#reading = reading;
  }

  /**
   * In a stream that has begun, the events before one that fails still go out, and the failure waits; in one that has
   * not, it is thrown at once, so that another attempt can be made.
   */
  run(run: Buffer, begun: boolean): Buffer {
    if (this.#compact === undefined) this.#learnForm(run);
    if (this.#compact && !this.#concerns(run) && looksWhole(run)) return run;
    const out: Buffer[] = [];
    try {
      for (const event of splitEvents(run)) {
        const kept = this.#event(event);
        if (kept) out.push(kept);
        if (this.done) break;
      }
    } catch (thrown) {
      if (!begun) throw thrown;
      this.failure = thrown;
    }
    return out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
  }

  /** What follows the surface's last bytes: a rest without its blank line, and the chunks that repairs still owe. */
  end(rest: Buffer | undefined): Buffer {
    const last = rest && !this.done ? this.#last(rest) : undefined;
    if (!this.done && !this.finished && !this.#reading.repairs.finished()) throw new GatewayError('stream_cut');
    return Buffer.concat([last ?? NOTHING, ...this.#reading.repairs.end().map(writeEvent)]);
  }

  /** An event whose blank line never came counts if its data is whole. */
  #last(rest: Buffer): Buffer | undefined {
    const [event] = splitEvents(Buffer.concat([rest, Buffer.from('\n\n')]));
    if (event?.data === undefined || (event.data !== '[DONE]' && parse(event.data) === undefined)) return undefined;
    return this.#event(event);
  }

  #learnForm(run: Buffer): void {
    const first = splitEvents(run).find((event) => event.data !== undefined && event.data !== '[DONE]');
    if (first?.data !== undefined) this.#compact = !SPACED_JSON.test(first.data);
  }

  #concerns(bytes: Buffer): boolean {
    for (const sign of SIGNS) if (bytes.includes(sign)) return true;
    return this.#reading.repairs.concern(bytes);
  }

  #event(event: SseEvent): Buffer | undefined {
    const { raw, data } = event;
    if (data === undefined) return raw;
    if (data === '[DONE]') {
      this.done = true;
      return undefined;
    }
    if (this.#compact && !this.#concerns(raw) && looksWhole(raw)) return raw;
    const chunk = parse(data);
    if (chunk === undefined) {
      throw new GatewayError('upstream_garbled', { message: 'The surface sent an event that is not a JSON object.' });
    }
    if (chunk.error) throw this.#reading.explain(chunk.error);
    if (chunk.choices?.some((choice) => choice?.finish_reason)) this.finished = true;
    this.#reading.observe(chunk);
    const repaired = this.#reading.repairs.chunk(chunk);
    if (repaired === chunk) return raw;
    return repaired && writeEvent(repaired);
  }
}

const CLOSE_BRACE = 0x7d;
const BLANK_LINE = Buffer.from('\n\n');

/** Every event ends as a JSON object does. One that does not is parsed, so that a torn one never reaches the client. */
function looksWhole(run: Buffer): boolean {
  for (let at = run.indexOf(BLANK_LINE); at !== -1; at = run.indexOf(BLANK_LINE, at + 2)) {
    if (run[at - 1] !== CLOSE_BRACE) return false;
  }
  return true;
}

function parse(data: string): ChatChunk | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ChatChunk) : undefined;
  } catch {
    return undefined;
  }
}
