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

/** What is shorter is read as fast as it is looked up. */
const SHORTEST_REMEMBERED = 2_048;
const NOTHING_SAME: ReadonlyMap<string, Buffer> = new Map();
const NOTHING_KNOWN: readonly KnownPart[] = [];

/** The one pass over the bytes of a request. */
class Reading {
  outline: MessageOutline[] = [];
  same: ReadonlyMap<string, Buffer> = NOTHING_SAME;
  known: readonly KnownPart[] = NOTHING_KNOWN;
  readonly #bytes: Buffer;
  readonly #memory: RequestMemory | undefined;

  constructor(bytes: Buffer, memory: RequestMemory | undefined) {
    this.#bytes = bytes;
    this.#memory = memory;
  }

  /** Looks into the value of a member; returns its end, or undefined if nothing of it is of interest. */
  member(key: string, start: number): number | undefined {
    if (key === 'messages') return this.#messages(start);
    return key === 'tools' && this.#memory ? this.#tools(start, this.#memory) : undefined;
  }

  #messages(start: number): number {
    const bytes = this.#bytes;
    this.outline = [];
    if (this.#memory === undefined || bytes[start] !== OPEN_BRACKET) return readOutline(bytes, start, this.outline);
    return this.#memory.conversations.read(bytes, start, this.outline, (by, end) => {
      this.known = [...this.known, { start, end, by }];
    });
  }

  #tools(start: number, { values }: RequestMemory): number {
    const bytes = this.#bytes;
    const found = values.find('tools', bytes, start);
    const end = found === undefined ? endOfValue(bytes, start) : start + found.length;
    const value = found ?? values.keep('tools', bytes, start, end);
    if (value) this.same = new Map([...this.same, ['tools', value]]);
    if (found) this.known = [...this.known, { start, end, by: found }];
    return end;
  }
}

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
    const reading = new Reading(bytes, bytes.length < SHORTEST_REMEMBERED ? undefined : memory);
    super(bytes, (key, start) => reading.member(key, start));
    this.#bytes = bytes;
    this.outline = reading.outline;
    this.#same = reading.same;
    this.#known = reading.known;
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

/** A history is known by more than its beginning; any other value only as a whole. */
function isWhole(by: object, length: number): boolean {
  return 'ends' in by && Array.isArray(by.ends) ? by.ends.at(-1) === length : true;
}
