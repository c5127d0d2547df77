/**
 * Whether a string inside a JSON text holds the text of a JSON object, read from the raw bytes: the arguments of a tool
 * call are such strings, and a history has hundreds of them. Decoding each and parsing the result costs more than
 * everything else that is asked of an untouched history.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LITERALS = new Set(['true', 'false', 'null']);
/** What may follow a backslash inside a string, besides `u`: `/ b f n r t`; the quote and the backslash are escaped here. */
const PLAIN_ESCAPES = new Set([0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);
const MAX_DEPTH = 64;

/** `start` and `end` enclose the quotes of the outer string. Exact in every case. */
export function holdsJsonObject(bytes: Buffer, start: number, end: number): boolean {
  return looksLikeObject(bytes, start + 1, end - 1) || isJsonObjectText(decode(bytes, start, end));
}

export function isJsonObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function decode(bytes: Buffer, start: number, end: number): string {
  try {
    return String(JSON.parse(bytes.toString('utf8', start, end)));
  } catch {
    return '';
  }
}

/** True only for sure objects in the spelling that serializers use; what is spelled otherwise is left to the parser. */
function looksLikeObject(bytes: Buffer, start: number, end: number): boolean {
  const from = skipSpace(bytes, start, end);
  if (bytes[from] !== 0x7b) return false;
  const behind = endOfValue(bytes, from, end, 0);
  return behind > 0 && skipSpace(bytes, behind, end) === end;
}

/** White space is written raw or as `\n`, `\r`, `\t`. */
function skipSpace(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte === 0x20) at++;
    else if (byte === BACKSLASH && isSpaceLetter(bytes[at + 1])) at += 2;
    else break;
  }
  return at;
}

function isSpaceLetter(byte: number | undefined): boolean {
  return byte === 0x6e || byte === 0x72 || byte === 0x74;
}

/** The index behind the value at `at`, 0 if it is not certainly a value. */
function endOfValue(bytes: Buffer, at: number, end: number, depth: number): number {
  const byte = bytes[at];
  if (byte === BACKSLASH) return endOfString(bytes, at, end);
  if (byte === 0x7b) return endOfContainer(bytes, at, end, depth, true);
  if (byte === 0x5b) return endOfContainer(bytes, at, end, depth, false);
  let behind = at;
  for (; behind < end; behind++) {
    const next = bytes[behind] ?? 0;
    if (next <= 0x20 || next === 0x2c || next === 0x5d || next === 0x7d || next === BACKSLASH) break;
  }
  const word = bytes.toString('latin1', at, behind);
  return NUMBER.test(word) || LITERALS.has(word) ? behind : 0;
}

function endOfContainer(bytes: Buffer, start: number, end: number, depth: number, isObject: boolean): number {
  if (depth > MAX_DEPTH) return 0;
  const close = isObject ? 0x7d : 0x5d;
  let at = skipSpace(bytes, start + 1, end);
  if (bytes[at] === close) return at + 1;
  for (;;) {
    if (isObject) {
      const keyEnd = endOfString(bytes, at, end);
      if (keyEnd === 0) return 0;
      at = skipSpace(bytes, keyEnd, end);
      if (bytes[at] !== 0x3a) return 0;
      at = skipSpace(bytes, at + 1, end);
    }
    const valueEnd = endOfValue(bytes, at, end, depth + 1);
    if (valueEnd === 0) return 0;
    at = skipSpace(bytes, valueEnd, end);
    if (bytes[at] === close) return at + 1;
    if (bytes[at] !== 0x2c) return 0;
    at = skipSpace(bytes, at + 1, end);
  }
}

/** An inner string begins and ends with `\"`. Control characters, which the outer JSON must escape, are not allowed in it. */
function endOfString(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== BACKSLASH || bytes[start + 1] !== QUOTE) return 0;
  let at = start + 2;
  while (at < end) {
    if (bytes[at] !== BACKSLASH) {
      at++;
      continue;
    }
    const escaped = bytes[at + 1];
    if (escaped === QUOTE) return at + 2;
    if (escaped === BACKSLASH) {
      at = endOfInnerEscape(bytes, at + 2);
      if (at === 0) return 0;
    } else if (escaped === 0x2f) at += 2;
    else return 0;
  }
  return 0;
}

/** `at` lies behind the inner backslash, which is written as two. */
function endOfInnerEscape(bytes: Buffer, at: number): number {
  const letter = bytes[at] ?? 0;
  if (PLAIN_ESCAPES.has(letter)) return at + 1;
  if (letter === BACKSLASH) return bytes[at + 1] === QUOTE || bytes[at + 1] === BACKSLASH ? at + 2 : 0;
  return letter === 0x75 && /^[\da-fA-F]{4}$/.test(bytes.toString('latin1', at + 1, at + 5)) ? at + 5 : 0;
}
