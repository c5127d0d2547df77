import { walkArray } from './json-spans.ts';
import type { MessageOutline } from './message-outline.ts';
import { readMessage } from './outline-reader.ts';

/** The `messages` of a request that was read, as bytes, and what was found in them. */
interface History {
  /** Copies of what each request brought, in order; together from the opening bracket to the end of the last message. */
  readonly pieces: readonly Buffer[];
  readonly outlines: readonly MessageOutline[];
  /** Where each message ends, counted from the opening bracket. */
  readonly ends: readonly number[];
}

/** More pieces are put together: each is a comparison of its own. */
const MOST_PIECES = 64;
/** Shorter requests are read faster than they are found again. */
const SHORTEST = 8_192;
/** How much of the first message and of what follows it names a conversation: agents share the first. */
const NAME_BYTES = [64, 256] as const;

/**
 * What was found in the histories of recent requests. An agent sends its whole history with every turn; what is byte for
 * byte the same as before is compared, which costs a small part of reading it, and its outline is taken over. The memory
 * keeps the bodies that it compares with; it is bounded by count and bytes, and the longest unused go first.
 */
export class ConversationMemory {
  readonly #histories = new Map<string, History>();
  readonly #maxBytes: number;
  readonly #maxCount: number;
  #bytes = 0;

  constructor(maxBytes = 64 * 1024 * 1024, maxCount = 512) {
    this.#maxBytes = maxBytes;
    this.#maxCount = maxCount;
  }

  get size(): number {
    return this.#histories.size;
  }

  /**
   * Adds the outlines of the array that begins at `start` to `outlines`; returns its end. `found` is told which history
   * begins with the same messages, and where the last of them ends. Throws JsonSyntaxError.
   */
  read(
    bytes: Buffer,
    start: number,
    outlines: MessageOutline[],
    found?: (history: object, end: number) => void,
  ): number {
    const ends: number[] = [];
    let name: string | undefined;
    let known: History | undefined;
    let same = 0;
    const end = walkArray(bytes, start, (message) => {
      if (ends.length === 1 && bytes.length >= SHORTEST) {
        name = nameOf(bytes, start, message);
        known = this.#histories.get(name);
        same = known === undefined ? 0 : sameMessages(known, bytes, start);
        if (known !== undefined && same > 1) {
          takeOver(known, same, outlines, ends);
          const last = start + (ends.at(-1) ?? 0);
          found?.(known, last);
          return last;
        }
      }
      const messageEnd = readMessage(bytes, message, outlines);
      ends.push(messageEnd - start);
      return messageEnd;
    });
    if (name !== undefined && ends.length !== same) this.#keep(name, known, same, { bytes, start, outlines, ends });
    return end;
  }

  /** `same`: how many messages `known` has in common with what was read now. */
  #keep(name: string, known: History | undefined, same: number, read: Reading): void {
    const history = extended(known, same, read);
    this.#histories.delete(name);
    this.#histories.set(name, history);
    this.#bytes += lengthOf(history) - lengthOf(known);
    for (const [oldest, dropped] of this.#histories) {
      if (this.#bytes <= this.#maxBytes && this.#histories.size <= this.#maxCount) return;
      this.#histories.delete(oldest);
      this.#bytes -= lengthOf(dropped);
    }
  }
}

interface Reading {
  readonly bytes: Buffer;
  readonly start: number;
  readonly outlines: readonly MessageOutline[];
  readonly ends: readonly number[];
}

const lengthOf = (history: History | undefined) => history?.ends.at(-1) ?? 0;

/** The history that was read now, of which the part that is known is not copied again. */
function extended(known: History | undefined, same: number, { bytes, start, outlines, ends }: Reading): History {
  const end = ends.at(-1) ?? 0;
  const kept: Buffer[] = [];
  let from = 0;
  if (known !== undefined && same > 0) {
    const common = known.ends[same - 1] ?? 0;
    for (const piece of known.pieces) {
      if (from + piece.length > common) {
        if (common > from) kept.push(piece.subarray(0, common - from));
        break;
      }
      kept.push(piece);
      from += piece.length;
    }
    from = common;
  }
  const fresh = Buffer.from(bytes.subarray(start + from, start + end));
  const pieces = kept.length < MOST_PIECES ? [...kept, fresh] : [Buffer.concat([...kept, fresh])];
  return { pieces, outlines, ends };
}

function nameOf(bytes: Buffer, start: number, second: number): string {
  const [head, next] = NAME_BYTES;
  return `${second - start}:${bytes.toString('latin1', start, start + head)}${bytes.toString('latin1', second, second + next)}`;
}

/** Takes over what is known of the messages behind the first. */
function takeOver(known: History, count: number, outlines: MessageOutline[], ends: number[]): void {
  for (let index = 1; index < count; index++) {
    const outline = known.outlines[index];
    const end = known.ends[index];
    if (outline === undefined || end === undefined) return;
    outlines.push(outline);
    ends.push(end);
  }
}

/** How many messages at the beginning are the same bytes. */
function sameMessages({ pieces, ends }: History, bytes: Buffer, start: number): number {
  let from = 0;
  for (const piece of pieces) {
    const at = start + from;
    const room = bytes.length - at;
    if (room < piece.length || piece.compare(bytes, at, at + piece.length) !== 0) {
      return sameEnds(ends, from + sameBytes(piece, bytes.subarray(at)), bytes, start);
    }
    from += piece.length;
  }
  return sameEnds(ends, from, bytes, start);
}

/** How many bytes at the beginning are equal. */
function sameBytes(left: Buffer, right: Buffer): number {
  let same = 0;
  let different = Math.min(left.length, right.length) + 1;
  while (different - same > 1) {
    const middle = (same + different) >> 1;
    if (left.compare(right, same, middle, same, middle) === 0) same = middle;
    else different = middle;
  }
  return same;
}

/** How many messages end within the first `length` bytes. */
function sameEnds(ends: readonly number[], length: number, bytes: Buffer, start: number): number {
  let count = 0;
  while (count < ends.length && (ends[count] ?? 0) <= length) count++;
  return count > 0 && endsThere(bytes, start + (ends[count - 1] ?? 0)) ? count : Math.max(0, count - 1);
}

/** A number that goes on would be another value. */
function endsThere(bytes: Buffer, at: number): boolean {
  const next = bytes[at];
  return next === 0x2c || next === 0x5d || (next !== undefined && next <= 0x20);
}
