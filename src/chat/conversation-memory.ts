import { walkArray } from './json-spans.ts';
import type { MessageOutline } from './message-outline.ts';
import { readMessage } from './outline-reader.ts';

/** The `messages` of a request that was read, as bytes, and what was found in them. */
interface History {
  /** From the opening bracket to the end of the last message. */
  readonly raw: Buffer;
  readonly outlines: readonly MessageOutline[];
  /** Where each message ends, counted from the opening bracket. */
  readonly ends: readonly number[];
  /** What the memory keeps alive by it, bytes. */
  readonly held: number;
}

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
    const end = walkArray(bytes, start, (message) => {
      if (ends.length === 1 && bytes.length >= SHORTEST) {
        name = nameOf(bytes, start, message);
        known = this.#histories.get(name);
        const last = known === undefined ? 0 : takeOver(known, bytes, start, outlines, ends);
        if (last > message && known) {
          found?.(known, last);
          return last;
        }
      }
      const messageEnd = readMessage(bytes, message, outlines);
      ends.push(messageEnd - start);
      return messageEnd;
    });
    if (name !== undefined)
      this.#keep(name, known, {
        raw: bytes.subarray(start, start + (ends.at(-1) ?? 0)),
        outlines,
        ends,
        held: bytes.buffer.byteLength,
      });
    return end;
  }

  #keep(name: string, known: History | undefined, history: History): void {
    this.#histories.delete(name);
    // The same request once more needs no new copy.
    const kept =
      known !== undefined &&
      known.raw.length === history.raw.length &&
      known.outlines.at(-1) === history.outlines.at(-1)
        ? known
        : history;
    this.#histories.set(name, kept);
    if (kept === known) return;
    this.#bytes += history.held - (known?.held ?? 0);
    for (const [oldest, { held }] of this.#histories) {
      if (this.#bytes <= this.#maxBytes && this.#histories.size <= this.#maxCount) return;
      this.#histories.delete(oldest);
      this.#bytes -= held;
    }
  }
}

function nameOf(bytes: Buffer, start: number, second: number): string {
  const [head, next] = NAME_BYTES;
  return `${second - start}:${bytes.toString('latin1', start, start + head)}${bytes.toString('latin1', second, second + next)}`;
}

/** Takes over what is known of the messages that are the same; returns the end of the last of them, 0 if none is. */
function takeOver(known: History, bytes: Buffer, start: number, outlines: MessageOutline[], ends: number[]): number {
  const count = sameMessages(known, bytes, start);
  for (let index = 1; index < count; index++) {
    const outline = known.outlines[index];
    const end = known.ends[index];
    if (outline === undefined || end === undefined) break;
    outlines.push(outline);
    ends.push(end);
  }
  return count > 1 ? start + (ends.at(-1) ?? 0) : 0;
}

/** How many messages at the beginning are the same bytes. */
function sameMessages({ raw, ends }: History, bytes: Buffer, start: number): number {
  const isSame = (count: number) => {
    const length = ends[count - 1] ?? 0;
    if (start + length > bytes.length) return false;
    return raw.compare(bytes, start, start + length, 0, length) === 0 && endsThere(bytes, start + length);
  };
  if (isSame(ends.length)) return ends.length;
  let same = 0;
  let different = ends.length;
  while (different - same > 1) {
    const middle = (same + different) >> 1;
    if (isSame(middle)) same = middle;
    else different = middle;
  }
  return same;
}

/** A number that goes on would be another value. */
function endsThere(bytes: Buffer, at: number): boolean {
  const next = bytes[at];
  return next === 0x2c || next === 0x5d || (next !== undefined && next <= 0x20);
}
