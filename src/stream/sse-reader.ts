import { GatewayError } from '../errors.ts';

/**
 * The one reader of server-sent events: bytes in, whole events out, however the bytes were cut.
 *
 * It frames only: an event is everything up to and including the blank line that ends it, and stays the bytes that came,
 * so that an event which nobody changes is forwarded without having been decoded. Line ends may be LF, CRLF or CR
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). What has arrived of an unfinished event is held back.
 */
export class SseReader {
  readonly #limit: number;
  /** The pieces of an event that is not complete yet, in order. Joined once, when its end arrives. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #begun = false;

  /** `limit`: the largest event in bytes; a larger one throws `upstream_garbled`. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The whole events that are complete with this piece, as one run of bytes, or undefined if none is. */
  push(piece: Buffer): Buffer | undefined {
    const bytes = this.#begun ? piece : this.#withoutByteOrderMark(piece);
    if (bytes === undefined || bytes.length === 0) return undefined;
    const cut = endsWithBlankLine(bytes) ? bytes.length : lastEventEnd(bytes) || this.#endAcross(bytes);
    if (cut === undefined) return this.#hold(bytes);
    const run = this.#heldBytes === 0 ? bytes.subarray(0, cut) : Buffer.concat([...this.#held, bytes.subarray(0, cut)]);
    this.#held = [];
    this.#heldBytes = 0;
    if (cut < bytes.length) this.#hold(bytes.subarray(cut));
    return run;
  }

  /** What is left when the bytes end: an event without its blank line, or undefined. The specification drops it. */
  rest(): Buffer | undefined {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held.length === 0 ? undefined : Buffer.concat(held);
  }

  #hold(bytes: Buffer): undefined {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.#limit) {
      throw new GatewayError('upstream_garbled', {
        message: `The surface sent an event of more than ${this.#limit} bytes (limits.event_bytes).`,
      });
    }
  }

  /** Where an end that was cut itself lies in the new piece, which may be before its first byte; undefined if none was. */
  #endAcross(bytes: Buffer): number | undefined {
    const seam = this.#seam();
    if (seam.length === 0) return undefined;
    // A CR may be half of a CRLF, so one byte more is looked at than an end can have.
    const end = lastEventEnd(Buffer.concat([seam, bytes.subarray(0, LONGEST_END + 1)]));
    return end === 0 ? undefined : Math.max(0, end - seam.length);
  }

  /** The last bytes that are held, as many as an end may have before its cut. */
  #seam(): Buffer {
    const last = this.#held.at(-1);
    if (last === undefined) return EMPTY;
    if (last.length >= LONGEST_END - 1 || this.#held.length === 1) return last.subarray(-(LONGEST_END - 1));
    const before = this.#held.slice(-LONGEST_END);
    return Buffer.concat(before).subarray(-(LONGEST_END - 1));
  }

  /** Undefined while the piece could still turn out to be the beginning of a mark. */
  #withoutByteOrderMark(piece: Buffer): Buffer | undefined {
    const bytes = Buffer.concat([...this.#held, piece]);
    this.#held = [];
    this.#heldBytes = 0;
    if (bytes.length < BOM.length && BOM.subarray(0, bytes.length).equals(bytes)) return this.#hold(bytes);
    this.#begun = true;
    return bytes.subarray(0, BOM.length).equals(BOM) ? bytes.subarray(BOM.length) : bytes;
  }
}

export class SseEvent {
  /** The bytes of the event with the blank line that ends it. */
  readonly raw: Buffer;

  constructor(raw: Buffer) {
    this.raw = raw;
  }

  /** The data lines joined by line feeds; undefined for an event of comments or other fields only. Decoded when asked for. */
  get data(): string | undefined {
    return dataOf(this.raw);
  }
}

/** Cuts a run of whole events, as `SseReader.push` returns it, into single ones. */
export function splitEvents(run: Buffer): SseEvent[] {
  return [...eachEvent(run)];
}

/** The same one by one, for who may not need all. */
export function* eachEvent(run: Buffer): Generator<SseEvent> {
  for (let start = 0; start < run.length; ) {
    const end = firstEventEnd(run, start);
    yield new SseEvent(run.subarray(start, end));
    start = end;
  }
}

const EMPTY = Buffer.alloc(0);
const FIELD = 'data';
const COLON = 0x3a;
const SPACE = 0x20;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const LF = 0x0a;
const CR = 0x0d;
const BLANK_LINE = Buffer.from('\n\n');
/** CR LF CR LF. */
const LONGEST_END = 4;

function endsWithBlankLine(bytes: Buffer): boolean {
  const last = bytes[bytes.length - 1];
  if (last !== LF) return false; // a final CR may be half of a CRLF: wait for the next piece
  const before = bytes[bytes.length - 2];
  return before === LF || (before === CR && bytes[bytes.length - 3] === LF);
}

/** Behind the last blank line; 0 if there is none. */
function lastEventEnd(bytes: Buffer): number {
  // Without a CR the last blank line is found from behind, without looking at each event.
  if (!bytes.includes(CR)) {
    const last = bytes.lastIndexOf(BLANK_LINE);
    return last === -1 ? 0 : last + BLANK_LINE.length;
  }
  let end = 0;
  while (end < bytes.length) {
    const next = firstEventEnd(bytes, end);
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}

/** Behind the first blank line at or after `from`; past the end of the bytes if there is none. */
function firstEventEnd(bytes: Buffer, from: number): number {
  const none = bytes.length + 1;
  for (let at = nextLineEnd(bytes, from); at < bytes.length; at = nextLineEnd(bytes, at)) {
    const behind = afterLineEnd(bytes, at);
    if (behind === undefined) return none;
    const second = bytes[behind];
    if (second === LF || second === CR) return afterLineEnd(bytes, behind) ?? none;
    at = behind;
  }
  return none;
}

function nextLineEnd(bytes: Buffer, from: number): number {
  const lf = bytes.indexOf(LF, from);
  const until = lf === -1 ? bytes.length : lf;
  const cr = bytes.subarray(from, until).indexOf(CR);
  return cr === -1 ? until : from + cr;
}

/** Behind the line end that begins at `at`; undefined if it is a CR at the very end, which may be half of a CRLF. */
function afterLineEnd(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] === LF) return at + 1;
  if (at + 1 >= bytes.length) return undefined;
  return bytes[at + 1] === LF ? at + 2 : at + 1;
}

function dataOf(raw: Buffer): string | undefined {
  // As nearly every server writes it: one line, and a blank one.
  const end = raw.length - BLANK_LINE.length;
  if (raw[end] === LF && raw.indexOf(LF) === end && !raw.includes(CR) && startsWithData(raw)) {
    return raw.toString('utf8', FIELD.length + 2, end);
  }
  let data: string | undefined;
  for (const line of raw.toString('utf8').split(/\r\n|\n|\r/)) {
    if (!line.startsWith('data')) continue;
    if (line.length > 4 && line[4] !== ':') continue;
    const value = line[5] === ' ' ? line.slice(6) : line.slice(5);
    data = data === undefined ? value : `${data}\n${value}`;
  }
  return data;
}

function startsWithData(raw: Buffer): boolean {
  for (let at = 0; at < FIELD.length; at++) if (raw[at] !== FIELD.charCodeAt(at)) return false;
  return raw[FIELD.length] === COLON && raw[FIELD.length + 1] === SPACE;
}
