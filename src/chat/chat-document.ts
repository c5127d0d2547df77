import { JsonDocument } from './json-document.ts';
import { endOfValue } from './json-spans.ts';
import type { MessageOutline } from './message-outline.ts';
import { readOutline } from './outline-reader.ts';
import type { RequestMemory } from './request-memory.ts';

/** A part of the bytes that stood in an earlier request, and the object by which that is known. */
interface KnownPart {
  readonly start: number;
  readonly end: number;
  readonly by: object;
}

type Question = (bytes: Buffer) => boolean;

/** What was answered for the whole of which a known part is the beginning. */
const ANSWERS = new WeakMap<object, Map<Question, boolean>>();

const OPEN_BRACKET = 0x5b;

/** The document of a chat request. Its messages are outlined in the pass that finds the members. */
export class ChatDocument extends JsonDocument {
  /** Of the messages as they came, whatever became of them since. */
  readonly outline: readonly MessageOutline[];
  readonly #bytes: Buffer;
  readonly #same: ReadonlyMap<string, Buffer>;
  /** In order. */
  readonly #known: readonly KnownPart[];

  /** With a memory, what came before is compared instead of read. */
  constructor(bytes: Buffer, memory?: RequestMemory) {
    let outline: MessageOutline[] = [];
    const same = new Map<string, Buffer>();
    const known: KnownPart[] = [];
    super(bytes, (key, start) => {
      if (key === 'messages') {
        outline = [];
        if (memory === undefined || bytes[start] !== OPEN_BRACKET) return readOutline(bytes, start, outline);
        return memory.conversations.read(bytes, start, outline, (by, end) => known.push({ start, end, by }));
      }
      if (key !== 'tools' || memory === undefined) return undefined;
      const found = memory.values.find(key, bytes, start);
      const end = found === undefined ? endOfValue(bytes, start) : start + found.length;
      const value = found ?? memory.values.keep(key, bytes, start, end);
      if (value) same.set(key, value);
      if (found) known.push({ start, end, by: found });
      return end;
    });
    this.#bytes = bytes;
    this.outline = outline;
    this.#same = same;
    this.#known = known;
  }

  /** The same object whenever a member is the same bytes as before; undefined if that is not known or it was changed. */
  identity(key: string): object | undefined {
    return this.raw(key) === undefined ? undefined : this.#same.get(key);
  }

  /** Asks about known parts only once. A yes for any part is a yes for all; parts end where values do. */
  override matches(question: Question): boolean {
    let from = 0;
    for (const part of this.#known) {
      if (question(this.#bytes.subarray(from, part.start)) || this.#holds(part, question)) return true;
      from = part.end;
    }
    return question(from === 0 ? this.#bytes : this.#bytes.subarray(from));
  }

  #holds({ start, end, by }: KnownPart, question: Question): boolean {
    const answers = ANSWERS.get(by) ?? new Map<Question, boolean>();
    if (answers.get(question) === false) return false;
    const answer = question(this.#bytes.subarray(start, end));
    // A no for the beginning says nothing of the rest, but the rest is no part of this request.
    if (!answer && isWhole(by, end - start)) {
      answers.set(question, false);
      ANSWERS.set(by, answers);
    }
    return answer;
  }
}

function isWhole(by: object, length: number): boolean {
  return 'raw' in by ? (by.raw as Buffer).length === length : true;
}
