/** A table's header, or the beginning of the file. */
export interface TomlTable {
  readonly path: readonly string[];
  /** `[[name]]`: one entry of a list. */
  readonly isEntry: boolean;
  /** Where the text behind the header's line begins. */
  readonly from: number;
  /** Where the next header begins, or the text ends. */
  readonly to: number;
}

export interface TomlPair {
  /** The table's path and the key's parts. */
  readonly path: readonly string[];
  readonly table: TomlTable;
  readonly from: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

export interface TomlText {
  readonly tables: readonly TomlTable[];
  readonly pairs: readonly TomlPair[];
}

/** Where the tables and values of a TOML text stand. The text is known to be valid: nothing is judged here. */
export function locateToml(text: string): TomlText {
  const tables: { -readonly [Key in keyof TomlTable]: TomlTable[Key] }[] = [];
  const pairs: TomlPair[] = [];
  let table = { path: [] as readonly string[], isEntry: false, from: 0, to: text.length };
  tables.push(table);
  let at = 0;
  while (at < text.length) {
    const start = skipBlank(text, at);
    if (start >= text.length) break;
    if (text[start] === '[') {
      const isEntry = text[start + 1] === '[';
      const key = readKey(text, start + (isEntry ? 2 : 1));
      const end = lineEnd(text, key.to);
      table.to = lineStart(text, start);
      table = { path: key.parts, isEntry, from: Math.min(end + 1, text.length), to: text.length };
      tables.push(table);
      at = end + 1;
    } else {
      const key = readKey(text, start);
      const valueFrom = skipSpaces(text, text.indexOf('=', key.to) + 1);
      const valueTo = skipValue(text, valueFrom);
      pairs.push({ path: [...table.path, ...key.parts], table, from: start, valueFrom, valueTo });
      at = lineEnd(text, valueTo) + 1;
    }
  }
  return { tables, pairs };
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Spaces, line ends and comments. */
function skipBlank(text: string, from: number): number {
  return from + (/^(?:[ \t\r\n]+|#[^\n]*)*/.exec(text.slice(from))?.[0].length ?? 0);
}

function skipSpaces(text: string, from: number): number {
  return from + (/^[ \t]*/.exec(text.slice(from))?.[0].length ?? 0);
}

/** `a."b c".'d'` */
function readKey(text: string, from: number): { parts: readonly string[]; to: number } {
  const parts: string[] = [];
  let at = from;
  for (;;) {
    at = skipSpaces(text, at);
    const [source = ''] = /^(?:"(?:\\.|[^"\\])*"|'[^']*'|[\w-]+)/.exec(text.slice(at)) ?? [];
    if (source === '') return { parts, to: at };
    parts.push(source.startsWith('"') ? String(JSON.parse(source)) : source.replaceAll("'", ''));
    at = skipSpaces(text, at + source.length);
    if (text[at] !== '.') return { parts, to: at };
    at++;
  }
}

const QUOTED = /^(?:"""[\s\S]*?(?:[^\\]|\\\\)?"{3,5}|'''[\s\S]*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')/;

function skipValue(text: string, from: number): number {
  let at = from;
  let depth = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === '"' || sign === "'") {
      at += QUOTED.exec(text.slice(at))?.[0].length ?? 1;
      continue;
    }
    if (depth === 0 && (sign === '\n' || sign === '#')) break;
    if (sign === '[' || sign === '{') depth++;
    if (sign === ']' || sign === '}') depth--;
    at = sign === '#' ? lineEnd(text, at) : at + 1;
  }
  return from + text.slice(from, at).trimEnd().length;
}
