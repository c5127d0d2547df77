import { parseJson } from '../json.ts';
import { scriptError } from './script-error.ts';

/** `\n`, `\t`, `\r`, `\\`, `\uXXXX` (also half of a pair) and `\u{XXXXX}` in a scripted text. */
export function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|([ntr\\]))/g, (_, point, unit, letter) => {
    if (point !== undefined) return String.fromCodePoint(Number.parseInt(point, 16));
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
    return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[String(letter)] ?? '';
  });
}

/** The first word and what follows it. */
export function firstWord(text: string): readonly [word: string, rest: string] {
  const [, word = '', rest = ''] = text.match(/^(\S*)\s*(.*)$/s) ?? [];
  return [word, rest];
}

export function count(text: string, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0)
    throw scriptError(`${what} needs a number, got "${text}"`);
  return value;
}

/** A number of pieces; none means after the last one. */
export function position(text: string, what: string): number {
  return text === '' ? Number.POSITIVE_INFINITY : count(text, what);
}

/** The JSON of a scripted call is sent as it is written. */
export function jsonText(text: string, what: string): string {
  const json = text === '' ? '{}' : text;
  if (!parseJson(json).ok) throw scriptError(`${what} needs JSON, got "${text}" (tool-raw sends anything)`);
  return json;
}
