import { stringAt } from './json-strings.ts';

/** Questions to a JSON string that lies, with its quotes, in a buffer: answered without decoding it where that is long. */

const BACKSLASH = 0x5c;
const HEAD = 96;

/** Whether `String.trim` would leave nothing. */
export function isBlankAt(bytes: Buffer, start: number, end: number): boolean {
  const last = end - 1;
  for (let at = start + 1; at < last; ) {
    const width = widthOfSpace(bytes, at);
    if (width === 0) return false;
    at += width;
  }
  return true;
}

/** How many bytes the white-space character at `at` takes, 0 if it is none. */
function widthOfSpace(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? 0;
  if (byte === 0x20) return 1;
  if (byte === BACKSLASH) return widthOfEscapedSpace(bytes, at);
  if (byte === 0xc2) return bytes[at + 1] === 0xa0 ? 2 : 0;
  if (byte === 0xe1 || byte === 0xe2 || byte === 0xe3 || byte === 0xef) {
    return /^\s$/.test(bytes.toString('utf8', at, at + 3)) ? 3 : 0;
  }
  return 0;
}

function widthOfEscapedSpace(bytes: Buffer, at: number): number {
  const letter = String.fromCharCode(bytes[at + 1] ?? 0);
  if ('nrtf'.includes(letter)) return 2;
  if (letter !== 'u') return 0;
  return /^\s$/.test(String.fromCharCode(Number.parseInt(bytes.toString('latin1', at + 2, at + 6), 16))) ? 6 : 0;
}

/** The first 96 characters. */
export function headAt(bytes: Buffer, start: number, end: number): string {
  const near = Math.min(end - 1, start + 1 + HEAD);
  for (let at = start + 1; at < near; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === BACKSLASH || byte >= 0x80) return headOf(stringAt(bytes, start, end));
  }
  return bytes.toString('latin1', start + 1, near);
}

export function headOf(text: string): string {
  return text.slice(0, HEAD);
}

/** Most requests have no such escape at all, and one search is cheaper than two. */
const ANY_ESCAPE = Buffer.from('\\u');
const ESCAPES = [Buffer.from('\\ud'), Buffer.from('\\uD')];

/** Whether a `\ud8xx` … `\udfxx` without its other half stands anywhere in a JSON text. */
export function hasLoneSurrogate(json: Buffer): boolean {
  if (!json.includes(ANY_ESCAPE)) return false;
  return ESCAPES.some((mark) => {
    for (let at = json.indexOf(mark); at !== -1; at = json.indexOf(mark, at + 2)) {
      if (isLoneAt(json, at)) return true;
    }
    return false;
  });
}

function isLoneAt(json: Buffer, at: number): boolean {
  if (isEscapedBackslash(json, at)) return false;
  const unit = escapedUnit(json, at);
  if (isHigh(unit)) return !isLow(escapedUnit(json, at + 6));
  return isLow(unit) && !(isHigh(escapedUnit(json, at - 6)) && !isEscapedBackslash(json, at - 6));
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

function escapedUnit(json: Buffer, at: number): number {
  if (at < 0 || json[at] !== BACKSLASH || json[at + 1] !== 0x75) return 0;
  return Number.parseInt(json.toString('latin1', at + 2, at + 6), 16);
}

function isEscapedBackslash(json: Buffer, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}
