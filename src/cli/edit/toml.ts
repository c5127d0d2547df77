import { parse, stringify, TomlError } from 'smol-toml';
import { type Format, Malformed } from './format.ts';
import { lineEnd, locateToml, type TomlPair, type TomlText } from './toml-text.ts';
import { isTree, type Place } from './wanted.ts';

/** TOML: values are replaced where they stand, new ones go behind those of their table, new tables to the end. */
export const tomlFormat: Format = {
  title: 'TOML',
  read(text) {
    try {
      return parse(text);
    } catch (thrown) {
      if (!(thrown instanceof TomlError)) throw thrown;
      const before = text.split('\n').slice(0, thrown.line - 1);
      const offset = before.reduce((sum, line) => sum + line.length + 1, thrown.column - 1);
      // Its message goes on with the lines at fault, and those may hold a key.
      throw new Malformed(thrown.message.split('\n')[0] ?? 'unreadable', offset);
    }
  },
  put: (text, { place, value }) =>
    isTree(value) ? addTable(text, names(place), value) : putValue(text, names(place), value),
};

function names(place: Place): readonly string[] {
  const strings = place.filter((part) => typeof part === 'string');
  if (strings.length !== place.length)
    throw new Malformed({ en: 'entries of lists cannot be edited', zh: '无法编辑列表中的条目' });
  return strings;
}

function putValue(text: string, path: readonly string[], value: unknown): string {
  const found = locateToml(text);
  const pair = found.pairs.find((known) => isSame(known.path, path));
  if (pair !== undefined) return text.slice(0, pair.valueFrom) + render(value) + text.slice(pair.valueTo);
  const parent = path.slice(0, -1);
  const table = found.tables.findLast((known) => !known.isEntry && isSame(known.path, parent));
  if (table !== undefined) return insert(text, found, { table, key: path.slice(-1), value });
  // `a.b = 1` stands in another table: `a.c = 2` may stand beside it.
  const sibling = found.pairs.findLast((known) => isSame(known.path.slice(0, parent.length), parent));
  if (sibling === undefined || sibling.table.path.length >= parent.length)
    return addTable(text, parent, { [path.at(-1) ?? '']: value });
  return insert(text, found, { table: sibling.table, key: path.slice(sibling.table.path.length), value });
}

interface NewPair {
  readonly table: TomlText['tables'][number];
  readonly key: readonly string[];
  readonly value: unknown;
}

function insert(text: string, { pairs }: TomlText, { table, key, value }: NewPair): string {
  const line = `${key.map(keyText).join('.')} = ${render(value)}`;
  const last = pairs.findLast((pair) => pair.table === table);
  if (last !== undefined) return insertBehind(text, last, line);
  if (table.path.length > 0)
    return `${text.slice(0, table.from)}${endOfLine(text, table.from)}${line}\n${text.slice(table.from)}`;
  // Before the first table, or else the key would belong to that.
  const gap = text === '' ? '' : '\n';
  return `${line}\n${gap}${text}`;
}

function insertBehind(text: string, { from, valueTo }: TomlPair, line: string): string {
  const indent = /[ \t]*$/.exec(text.slice(0, from))?.[0] ?? '';
  const end = lineEnd(text, valueTo);
  return `${text.slice(0, end)}\n${indent}${line}${end === text.length ? '\n' : ''}${text.slice(end)}`;
}

const endOfLine = (text: string, at: number): string => (at > 0 && text[at - 1] !== '\n' ? '\n' : '');

/** A new table at the end of the text, with the tables in it. */
function addTable(text: string, path: readonly string[], value: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(value);
  const pairs = entries.filter(([, child]) => !isTree(child));
  const inner = entries.filter(([, child]) => isTree(child));
  const header = `[${path.map(keyText).join('.')}]\n`;
  const block =
    pairs.length === 0 && inner.length > 0
      ? ''
      : `${header}${pairs.map(([key, child]) => `${keyText(key)} = ${render(child)}\n`).join('')}`;
  const lead = text === '' || block === '' ? '' : text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return inner.reduce(
    (all, [key, child]) => (isTree(child) ? addTable(all, [...path, key], child) : all),
    text + lead + block,
  );
}

const keyText = (key: string): string => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));

/** One value, as the library writes it. */
const render = (value: unknown): string =>
  stringify({ value })
    .replace(/^value = /, '')
    .trimEnd();

const isSame = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((part, index) => part === right[index]);
