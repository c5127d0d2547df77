import { wordAt } from './json-strings.ts';
import { JsonSyntaxError } from './json-syntax-error.ts';

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

/** Looks into the value of a member on the way and returns its end, or undefined if it does not care for it. */
export type ValueReader = (key: string, valueStart: number) => number | undefined;

/** Is told of a member: its name, where it begins, and where its value begins and ends. */
export type MemberVisitor = (key: string, start: number, valueStart: number, end: number) => void;

/** Tells of the members of the object that `bytes` holds, in order. Throws JsonSyntaxError. */
export function walkMembers(bytes: Buffer, reader: ValueReader | undefined, visit: MemberVisitor): void {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== OPEN_BRACE) throw new JsonSyntaxError('expected a JSON object', start);
  const end = walkObject(bytes, start, (keyStart, keyEnd, valueStart) => {
    const key = wordAt(bytes, keyStart, keyEnd);
    const valueEnd = reader?.(key, valueStart) ?? endOfValue(bytes, valueStart);
    visit(key, keyStart, valueStart, valueEnd);
    return valueEnd;
  });
  const rest = skipSpace(bytes, end);
  if (rest < bytes.length) throw new JsonSyntaxError('unexpected text behind the JSON object', rest);
}

/** The elements of the array that lies in `bytes` at `array`. Throws JsonSyntaxError. */
export function elementSpans(bytes: Buffer, array: Span): Span[] {
  const elements: Span[] = [];
  if (bytes[array.start] !== OPEN_BRACKET) throw new JsonSyntaxError('expected a JSON array', array.start);
  walkArray(bytes, array.start, (start) => {
    const end = endOfValue(bytes, start);
    elements.push({ start, end });
    return end;
  });
  return elements;
}

/**
 * Goes once through the object that begins at `start`. For each member `visit` gets where its key and its value begin
 * and returns where the value ends, so that it may look into the value on the way. Returns the end of the object.
 */
export function walkObject(
  bytes: Buffer,
  start: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number) => number,
): number {
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE_BRACE) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) throw new JsonSyntaxError('expected a member name in quotes', at);
    const keyEnd = endOfString(bytes, at);
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== COLON) throw new JsonSyntaxError("expected ':'", colon);
    at = skipSpace(bytes, visit(at, keyEnd, skipSpace(bytes, colon + 1)));
    if (bytes[at] === CLOSE_BRACE) return at + 1;
    if (bytes[at] !== COMMA) throw new JsonSyntaxError("expected ',' or '}'", at);
    at = skipSpace(bytes, at + 1);
  }
}

/** The same for the array that begins at `start`. */
export function walkArray(bytes: Buffer, start: number, visit: (elementStart: number) => number): number {
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE_BRACKET) return at + 1;
  for (;;) {
    at = skipSpace(bytes, visit(at));
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    if (bytes[at] !== COMMA) throw new JsonSyntaxError("expected ',' or ']'", at);
    at = skipSpace(bytes, at + 1);
  }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

/** `at` is the opening quote; the result lies behind the closing one. */
export function endOfString(bytes: Buffer, start: number): number {
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

/** The index behind the value that begins at `start`. */
export function endOfValue(bytes: Buffer, start: number): number {
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
