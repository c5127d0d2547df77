/**
 * Where the members of a JSON object, or the elements of a JSON array, begin and end: in bytes, without decoding.
 *
 * JSON is ASCII in its structure and UTF-8 never hides an ASCII byte inside a longer character, so the structure can be
 * read from the raw bytes. Finding the members of a 100 KB request this way costs a small part of parsing it, and what
 * nobody changes can then be forwarded as the client's own bytes. Only the structure on the way is checked, not the
 * inside of the values: a value that is malformed inside is found when somebody parses it.
 */

export interface Span {
  readonly start: number;
  /** The index behind the last byte. */
  readonly end: number;
}

export interface MemberSpan {
  readonly key: string;
  /** From the opening quote of the key to the end of the value. */
  readonly member: Span;
  readonly value: Span;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Deeper nesting is nobody's request or answer, and would overflow the stack of JSON.stringify. */
const DEEPEST = 1_000;

/** Strings shorter than this are scanned in JavaScript; a native search costs about as much as this many bytes. */
const NATIVE_SEARCH_FROM = 48;

/** Thrown for malformed structure; `offset` is the byte where it was noticed. */
export class JsonSyntaxError extends Error {
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

/** The members of the object that `bytes` holds. Throws JsonSyntaxError. */
export function memberSpans(bytes: Buffer): MemberSpan[] {
  const members: MemberSpan[] = [];
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== OPEN_BRACE) throw new JsonSyntaxError('expected a JSON object', at);
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_BRACE) return atEnd(bytes, at + 1, members);
  for (;;) {
    if (bytes[at] !== QUOTE) throw new JsonSyntaxError('expected a member name in quotes', at);
    const keyEnd = endOfString(bytes, at);
    let valueStart = skipSpace(bytes, keyEnd);
    if (bytes[valueStart] !== COLON) throw new JsonSyntaxError("expected ':'", valueStart);
    valueStart = skipSpace(bytes, valueStart + 1);
    const valueEnd = endOfValue(bytes, valueStart);
    members.push({
      key: readKey(bytes, at, keyEnd),
      member: { start: at, end: valueEnd },
      value: { start: valueStart, end: valueEnd },
    });
    at = skipSpace(bytes, valueEnd);
    if (bytes[at] === CLOSE_BRACE) return atEnd(bytes, at + 1, members);
    if (bytes[at] !== COMMA) throw new JsonSyntaxError("expected ',' or '}'", at);
    at = skipSpace(bytes, at + 1);
  }
}

/** The elements of the array that lies in `bytes` at `array`. Throws JsonSyntaxError. */
export function elementSpans(bytes: Buffer, array: Span): Span[] {
  const elements: Span[] = [];
  let at = array.start;
  if (bytes[at] !== OPEN_BRACKET) throw new JsonSyntaxError('expected a JSON array', at);
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_BRACKET) return elements;
  for (;;) {
    const end = endOfValue(bytes, at);
    elements.push({ start: at, end });
    at = skipSpace(bytes, end);
    if (bytes[at] === CLOSE_BRACKET) return elements;
    if (bytes[at] !== COMMA) throw new JsonSyntaxError("expected ',' or ']'", at);
    at = skipSpace(bytes, at + 1);
  }
}

function atEnd<T>(bytes: Buffer, at: number, result: T): T {
  const rest = skipSpace(bytes, at);
  if (rest < bytes.length) throw new JsonSyntaxError('unexpected text behind the JSON object', rest);
  return result;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

function readKey(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString('utf8', start + 1, end - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    throw new JsonSyntaxError('malformed member name', start);
  }
}

/** `at` is the opening quote; the result lies behind the closing one. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const near = Math.min(at + NATIVE_SEARCH_FROM, bytes.length);
    for (; at < near; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) at++;
    }
    const quote = bytes.indexOf(QUOTE, at);
    if (quote === -1) throw new JsonSyntaxError('a string does not end', start);
    if (!isEscaped(bytes, quote, at)) return quote + 1;
    at = quote + 1;
  }
}

/** Whether an odd number of backslashes stands before `at`; none of them lies before `from`. */
function isEscaped(bytes: Buffer, at: number, from: number): boolean {
  let backslashes = 0;
  while (at - 1 - backslashes >= from && bytes[at - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function endOfValue(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === QUOTE) return endOfString(bytes, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(bytes, start);
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20) break;
  }
  if (at === start) throw new JsonSyntaxError('expected a value', start);
  return at;
}

function endOfContainer(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; ) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
      continue;
    }
    at++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > DEEPEST) throw new JsonSyntaxError(`more than ${DEEPEST} levels of nesting`, at - 1);
    }
    if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at;
  }
  throw new JsonSyntaxError('an object or array does not end', start);
}
