import { parseEnv } from 'node:util';
import { type Format, Malformed } from './format.ts';

/** `NAME=value`, also with `export`, quotes, and values of several lines: as `.env` files are read. */
const ASSIGNMENT = /^([ \t]*(?:export[ \t]+)?)([\w.-]+)([ \t]*=[ \t]*)("(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`|[^\n#]*)/gm;

export const envFormat: Format = {
  title: '.env lines',
  read(text) {
    const strange = text.split('\n').find((line) => /^[\s{}[\]]*[{}[\]]/.test(line));
    if (strange !== undefined)
      throw new Malformed({ en: 'it looks like another format', zh: '看起来是别的格式' }, text.indexOf(strange));
    return { ...parseEnv(text) };
  },
  put(text, { place: [name], value }) {
    if (typeof name !== 'string') throw new Malformed({ en: 'a variable has no parts', zh: '变量没有子项' });
    const line = `${quoted(String(value))}`;
    const found = [...text.matchAll(ASSIGNMENT)].findLast(([, , known]) => known === name);
    if (found === undefined) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name}=${line}\n`;
    const [all, lead = '', known = '', equals = '', before = ''] = found;
    const trailing = /[ \t]*$/.exec(before)?.[0] ?? '';
    const at = found.index;
    return `${text.slice(0, at)}${lead}${known}${equals}${line}${trailing}${text.slice(at + all.length)}`;
  },
};

function quoted(value: string): string {
  if (/^[\w./:@+,=%~-]*$/.test(value)) return value;
  if (!/['\n]/.test(value)) return `'${value}'`;
  return JSON.stringify(value);
}
