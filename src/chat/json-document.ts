import { elementSpans, type Span, type ValueReader, walkMembers } from './json-spans.ts';
import { parseSpan } from './parse-span.ts';

/** A member as it came, and what became of it. */
class Member {
  readonly key: string;
  /** From the opening quote of the key to the end of the value. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
  fate: 'kept' | 'changed' | 'removed' = 'kept';
  /** The value that came, once it was parsed. */
  parsed: unknown;
  isParsed = false;
  /** The value in its place. */
  after: unknown;
  /** The value comes again in other documents and is never changed. */
  isShared = false;

  constructor(key: string, start: number, valueStart: number, end: number) {
    this.key = key;
    this.start = start;
    this.valueStart = valueStart;
    this.end = end;
  }

  /** A member that did not come: it has no place in the bytes. */
  static added(key: string): Member {
    return new Member(key, -1, -1, -1);
  }

  get came(): boolean {
    return this.start >= 0;
  }
}

/** Up to here members are looked for one by one, which for the few of a request is faster than an index. */
const FEW = 24;

/**
 * A JSON object that is read and changed member by member while the rest stays the bytes that came.
 *
 * Members are parsed when they are asked for, once. Changed members are written anew, everything else is copied;
 * inside a changed array the elements that are still the same objects are copied too, so that a repair of one message
 * does not re-serialise a whole history. Where a key occurs twice the last one counts, as with JSON.parse.
 */
export class JsonDocument {
  readonly #bytes: Buffer;
  /** In the order in which they are written: those that came, then those that were added. */
  readonly #members: Member[] = [];
  #index: Map<string, Member> | undefined;
  #changed = false;

  /** Throws JsonSyntaxError if `bytes` is not one JSON object. `reader` sees the values in the same pass. */
  constructor(bytes: Buffer, reader?: ValueReader) {
    this.#bytes = bytes;
    walkMembers(bytes, reader, (key, start, valueStart, end) => {
      const twin = this.#find(key);
      if (twin) this.#drop(twin);
      this.#add(new Member(key, start, valueStart, end));
    });
  }

  static from(value: Readonly<Record<string, unknown>>): JsonDocument {
    return new JsonDocument(Buffer.from(JSON.stringify(value)));
  }

  get changed(): boolean {
    return this.#changed;
  }

  /** The length of the bytes that came. */
  get size(): number {
    return this.#bytes.length;
  }

  has(key: string): boolean {
    const member = this.#find(key);
    return member !== undefined && member.fate !== 'removed';
  }

  keys(): string[] {
    return this.#members.filter(({ fate }) => fate !== 'removed').map(({ key }) => key);
  }

  eachKey(visit: (key: string) => void): void {
    for (const { key, fate } of this.#members) if (fate !== 'removed') visit(key);
  }

  /** The parsed member, `undefined` if there is none. The value belongs to the document: change a copy. */
  get(key: string): unknown {
    const member = this.#find(key);
    if (member === undefined || member.fate === 'removed') return undefined;
    return member.fate === 'changed' ? member.after : this.#parse(member);
  }

  set(key: string, value: unknown): void {
    const member = this.#find(key) ?? this.#add(Member.added(key));
    member.fate = 'changed';
    member.after = value;
    member.isShared = false;
    this.#changed = true;
  }

  /** Sets an object that comes again in other documents and is never changed: it is written as JSON once for all. */
  setShared(key: string, value: unknown): void {
    this.set(key, value);
    const member = this.#find(key);
    if (member) member.isShared = true;
  }

  delete(key: string): void {
    const member = this.#find(key);
    if (!member) return;
    if (!member.came) this.#drop(member);
    member.fate = 'removed';
    this.#changed = true;
  }

  /** Whether `needle` occurs anywhere in the bytes that came. */
  includes(needle: Buffer): boolean {
    return this.#bytes.includes(needle);
  }

  /** What `question` says of the bytes that came. */
  matches(question: (bytes: Buffer) => boolean): boolean {
    return question(this.#bytes);
  }

  /** The bytes of a member that is unchanged, undefined for any other. */
  raw(key: string): Buffer | undefined {
    const member = this.#find(key);
    return member?.fate === 'kept' ? this.#bytes.subarray(member.valueStart, member.end) : undefined;
  }

  /** Whether the member is there and null, `""`, `[]` or `{}`; found without parsing it. */
  isEmpty(key: string): boolean {
    const member = this.#find(key);
    if (member === undefined || member.fate === 'removed') return false;
    if (member.fate === 'changed') return EMPTY_VALUE.test(JSON.stringify(member.after) ?? 'null');
    const { valueStart, end } = member;
    // Most values are told from an empty one by how they begin.
    if (!EMPTY_BEGINS.has(this.#bytes[valueStart])) return false;
    return end - valueStart < MAX_EMPTY && EMPTY_VALUE.test(this.#bytes.toString('latin1', valueStart, end));
  }

  toObject(): Record<string, unknown> {
    return Object.fromEntries(this.keys().map((key) => [key, this.get(key)]));
  }

  /** The original buffer itself if nothing was changed; else one that `allocate` makes, of any content. */
  toBytes(allocate: (size: number) => Buffer = Buffer.allocUnsafe): Buffer {
    if (!this.#changed) return this.#bytes;
    const parts: Buffer[] = [];
    for (const member of this.#members) {
      if (member.fate === 'removed') continue;
      parts.push(parts.length === 0 ? OPEN : COMMA);
      if (member.fate === 'kept') parts.push(this.#bytes.subarray(member.start, member.end));
      else parts.push(Buffer.from(`${JSON.stringify(member.key)}:`), ...this.#written(member));
    }
    parts.push(parts.length === 0 ? EMPTY : CLOSE);
    const bytes = allocate(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) at += part.copy(bytes, at);
    return bytes;
  }

  #find(key: string): Member | undefined {
    if (this.#index) return this.#index.get(key);
    for (const member of this.#members) if (member.key === key) return member;
    return undefined;
  }

  #add(member: Member): Member {
    this.#members.push(member);
    if (this.#index) this.#index.set(member.key, member);
    else if (this.#members.length > FEW) this.#index = new Map(this.#members.map((one) => [one.key, one]));
    return member;
  }

  /** Its place goes too: a twin that comes later stands where it stands. */
  #drop(member: Member): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    this.#index?.delete(member.key);
    this.#changed = true;
  }

  #parse(member: Member): unknown {
    if (!member.isParsed) {
      member.parsed = parseSpan(this.#bytes, { start: member.valueStart, end: member.end });
      member.isParsed = true;
    }
    return member.parsed;
  }

  #written({ after, isShared, isParsed, parsed, came, valueStart, end }: Member): Buffer[] {
    if (isShared && typeof after === 'object' && after !== null) return [writtenOnce(after)];
    if (!came || !Array.isArray(after) || !isParsed || !Array.isArray(parsed))
      return [Buffer.from(JSON.stringify(after))];
    const spans = elementSpans(this.#bytes, { start: valueStart, end });
    const places = new Map<unknown, Span>();
    parsed.forEach((element, index) => {
      const place = spans[index];
      if (place && typeof element === 'object' && element !== null) places.set(element, place);
    });
    const parts: Buffer[] = [];
    for (const element of after) {
      parts.push(parts.length === 0 ? OPEN_ARRAY : COMMA);
      const place = places.get(element);
      parts.push(place ? this.#bytes.subarray(place.start, place.end) : Buffer.from(JSON.stringify(element) ?? 'null'));
    }
    parts.push(parts.length === 0 ? EMPTY_ARRAY : CLOSE_ARRAY);
    return parts;
  }
}

const WRITTEN = new WeakMap<object, Buffer>();

function writtenOnce(value: object): Buffer {
  const known = WRITTEN.get(value);
  if (known) return known;
  const bytes = Buffer.from(JSON.stringify(value));
  WRITTEN.set(value, bytes);
  return bytes;
}

/** Longer values count as not empty, whatever their white space. */
const MAX_EMPTY = 32;
const EMPTY_VALUE = /^(?:null|""|\[\s*\]|\{\s*\})$/;
/** Of `null`, `""`, `[]` and `{}`. */
const EMPTY_BEGINS: ReadonlySet<number | undefined> = new Set(Buffer.from('n"[{'));
const OPEN = Buffer.from('{');
const CLOSE = Buffer.from('}');
const EMPTY = Buffer.from('{}');
const COMMA = Buffer.from(',');
const OPEN_ARRAY = Buffer.from('[');
const CLOSE_ARRAY = Buffer.from(']');
const EMPTY_ARRAY = Buffer.from('[]');
