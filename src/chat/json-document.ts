import {
  elementSpans,
  JsonSyntaxError,
  type MemberSpan,
  memberSpans,
  type Span,
  type ValueReader,
} from './json-spans.ts';

/**
 * A JSON object that is read and changed member by member while the rest stays the bytes that came.
 *
 * Members are parsed when they are asked for, once. Changed members are written anew, everything else is copied;
 * inside a changed array the elements that are still the same objects are copied too, so that a repair of one message
 * does not re-serialise a whole history. Where a key occurs twice the last one counts, as with JSON.parse.
 */
export class JsonDocument {
  readonly #bytes: Buffer;
  readonly #spans: Map<string, MemberSpan>;
  /** Parsed values of members that are unchanged. */
  readonly #parsed = new Map<string, unknown>();
  readonly #changes = new Map<string, unknown>();
  readonly #removed = new Set<string>();
  readonly #shared = new Set<string>();
  #duplicates = false;

  /** Throws JsonSyntaxError if `bytes` is not one JSON object. `reader` sees the values in the same pass. */
  constructor(bytes: Buffer, reader?: ValueReader) {
    this.#bytes = bytes;
    this.#spans = new Map();
    for (const span of memberSpans(bytes, reader)) {
      if (this.#spans.has(span.key)) {
        this.#duplicates = true;
        this.#spans.delete(span.key);
      }
      this.#spans.set(span.key, span);
    }
  }

  static from(value: Readonly<Record<string, unknown>>): JsonDocument {
    return new JsonDocument(Buffer.from(JSON.stringify(value)));
  }

  get changed(): boolean {
    return this.#duplicates || this.#changes.size > 0 || this.#removed.size > 0;
  }

  /** The length of the bytes that came. */
  get size(): number {
    return this.#bytes.length;
  }

  has(key: string): boolean {
    return this.#changes.has(key) || (this.#spans.has(key) && !this.#removed.has(key));
  }

  keys(): string[] {
    const kept = [...this.#spans.keys()].filter((key) => !this.#removed.has(key));
    for (const key of this.#changes.keys()) if (!this.#spans.has(key)) kept.push(key);
    return kept;
  }

  /** The parsed member, `undefined` if there is none. The value belongs to the document: change a copy. */
  get(key: string): unknown {
    if (this.#changes.has(key)) return this.#changes.get(key);
    if (this.#removed.has(key)) return undefined;
    return this.#original(key);
  }

  set(key: string, value: unknown): void {
    this.#removed.delete(key);
    this.#changes.set(key, value);
    this.#shared.delete(key);
  }

  /** Sets an object that comes again in other documents and is never changed: it is written as JSON once for all. */
  setShared(key: string, value: unknown): void {
    this.set(key, value);
    this.#shared.add(key);
  }

  delete(key: string): void {
    this.#changes.delete(key);
    if (this.#spans.has(key)) this.#removed.add(key);
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
    const span = this.#spans.get(key);
    if (!span || this.#changes.has(key) || this.#removed.has(key)) return undefined;
    return this.#bytes.subarray(span.value.start, span.value.end);
  }

  /** Whether the member is there and null, `""`, `[]` or `{}`; found without parsing it. */
  isEmpty(key: string): boolean {
    const raw = this.raw(key);
    if (raw) return raw.length < MAX_EMPTY && EMPTY_VALUE.test(raw.toString('latin1'));
    return this.#changes.has(key) && EMPTY_VALUE.test(JSON.stringify(this.#changes.get(key)) ?? 'null');
  }

  toObject(): Record<string, unknown> {
    return Object.fromEntries(this.keys().map((key) => [key, this.get(key)]));
  }

  /** The original buffer itself if nothing was changed. */
  toBytes(): Buffer {
    if (!this.changed) return this.#bytes;
    const parts: Buffer[] = [];
    for (const key of this.keys()) {
      parts.push(parts.length === 0 ? OPEN : COMMA);
      const span = this.#spans.get(key);
      if (span && !this.#changes.has(key)) {
        parts.push(this.#bytes.subarray(span.member.start, span.member.end));
      } else {
        parts.push(Buffer.from(`${JSON.stringify(key)}:`), ...this.#written(key));
      }
    }
    parts.push(parts.length === 0 ? EMPTY : CLOSE);
    return Buffer.concat(parts);
  }

  #original(key: string): unknown {
    if (this.#parsed.has(key)) return this.#parsed.get(key);
    const span = this.#spans.get(key);
    if (!span) return undefined;
    const value = parseSpan(this.#bytes, span.value);
    this.#parsed.set(key, value);
    return value;
  }

  #written(key: string): Buffer[] {
    const value = this.#changes.get(key);
    if (this.#shared.has(key) && typeof value === 'object' && value !== null) return [writtenOnce(value)];
    const before = this.#parsed.get(key);
    const span = this.#spans.get(key);
    if (!span || !Array.isArray(value) || !Array.isArray(before)) return [Buffer.from(JSON.stringify(value))];
    const spans = elementSpans(this.#bytes, span.value);
    const places = new Map<unknown, Span>();
    before.forEach((element, index) => {
      const place = spans[index];
      if (place && typeof element === 'object' && element !== null) places.set(element, place);
    });
    const parts: Buffer[] = [];
    for (const element of value) {
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
const OPEN = Buffer.from('{');
const CLOSE = Buffer.from('}');
const EMPTY = Buffer.from('{}');
const COMMA = Buffer.from(',');
const OPEN_ARRAY = Buffer.from('[');
const CLOSE_ARRAY = Buffer.from(']');
const EMPTY_ARRAY = Buffer.from('[]');

function parseSpan(bytes: Buffer, span: Span): unknown {
  try {
    return JSON.parse(bytes.toString('utf8', span.start, span.end));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'malformed value';
    throw new JsonSyntaxError(`${why}, in the value`, span.start);
  }
}
