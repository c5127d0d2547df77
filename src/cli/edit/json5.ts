import { type Format, Malformed } from './format.ts';
import { type JsonNode, parseJson5 } from './json5-text.ts';
import { isTree, type Place } from './wanted.ts';

/** JSON5, and with it JSON with comments: only the text of the changed value changes. */
export const json5Format: Format = {
  title: 'JSON5',
  read: (text) => parseJson5(text)?.value,
  put(text, { place, value }) {
    const root = parseJson5(text);
    if (root === undefined)
      return `${text.trimEnd()}${text.trim() === '' ? '' : '\n'}${render(nested(place, value), '', layoutOf(text))}\n`;
    return putAt(text, root, place, value, layoutOf(text, root));
  },
};

/** For clients that read strict JSON: what they would refuse is refused here too. */
export const jsonFormat: Format = {
  title: 'JSON',
  read(text) {
    const node = parseJson5(text);
    if (node === undefined && text.trim() === '') return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw new Malformed({
        en: 'comments, trailing commas and bare keys are not allowed here',
        zh: '这里不允许注释、末尾逗号和不带引号的键',
      });
    }
  },
  put: json5Format.put,
};

interface Layout {
  /** One step of indentation. */
  readonly unit: string;
  /** The file writes keys without quotes. */
  readonly bareKeys: boolean;
}

function layoutOf(text: string, root?: JsonNode): Layout {
  const unit = /^([ \t]+)["'\w]/m.exec(text)?.[1] ?? '  ';
  const keys = root?.members ?? [];
  return { unit, bareKeys: keys.length > 0 && keys.every(({ isQuoted }) => !isQuoted) };
}

const nested = (place: Place, value: unknown): unknown =>
  place.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);

function putAt(text: string, node: JsonNode, [part, ...rest]: Place, value: unknown, layout: Layout): string {
  if (part === undefined) return replaced(text, node, render(value, indentAt(text, node.from), layout));
  if (typeof part === 'number') {
    const item = node.items?.[part];
    return item === undefined
      ? added(text, node, (indent) => render(value, indent, layout), layout)
      : putAt(text, item, rest, value, layout);
  }
  // Where a key stands twice, readers take the last.
  const member = node.members?.findLast(({ key }) => key === part);
  if (member !== undefined) return putAt(text, member.node, rest, value, layout);
  return added(
    text,
    node,
    (indent) => `${keyText(part, layout)}: ${render(nested(rest, value), indent, layout)}`,
    layout,
  );
}

const replaced = (text: string, { from, to }: JsonNode, source: string): string =>
  text.slice(0, from) + source + text.slice(to);

/** Behind everything that stands in the object or list, comments included, in the way it is laid out. */
function added(text: string, node: JsonNode, write: (indent: string) => string, { unit }: Layout): string {
  const parts = node.members ?? node.items;
  if (parts === undefined) throw new Malformed({ en: 'nothing can be added here', zh: '这里无法添加内容' }, node.from);
  const close = node.to - 1;
  const tail = text.slice(0, close).trimEnd().length;
  const last = parts.at(-1)?.to;
  const comma = last === undefined || node.endsWithComma === true ? '' : ',';
  const head = text.slice(0, last ?? tail) + comma + text.slice(last ?? tail, tail);
  const end = node.endsWithComma === true ? ',' : '';
  const isOneLine = last !== undefined && !text.slice(node.from, close).includes('\n');
  if (isOneLine) {
    // As `{ a: 1 }` is written, or `{a: 1}`.
    return `${head} ${write(indentAt(text, node.from))}${end}${text.slice(tail)}`;
  }
  const outer = indentAt(text, node.from);
  const first = parts[0]?.from;
  const indent = first !== undefined && startsLine(text, first) ? indentAt(text, first) : outer + unit;
  const closing = text.slice(tail, close).includes('\n') ? text.slice(tail) : `\n${outer}${text.slice(close)}`;
  return `${head}\n${indent}${write(indent)}${end}${closing}`;
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const indentAt = (text: string, at: number): string => /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? '';
const startsLine = (text: string, at: number): boolean => text.slice(lineStart(text, at), at).trim() === '';

function keyText(key: string, { bareKeys }: Layout): string {
  return bareKeys && /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/** A small object reads better in one line. */
const ONE_LINE = 72;

function render(value: unknown, indent: string, layout: Layout): string {
  const inner = indent + layout.unit;
  if (Array.isArray(value)) {
    const items = value.map((item) => render(item, inner, layout));
    const isFlat = value.every((item) => typeof item !== 'object');
    if (isFlat) return `[${items.join(', ')}]`;
    return `[\n${items.map((item) => inner + item).join(',\n')}\n${indent}]`;
  }
  if (!isTree(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, child]) => `${keyText(key, layout)}: ${render(child, inner, layout)}`,
  );
  if (members.length === 0) return '{}';
  const oneLine = `{ ${members.join(', ')} }`;
  const isFlat = members.length > 1 && oneLine.length <= ONE_LINE && !oneLine.includes('\n');
  return isFlat ? oneLine : `{\n${members.map((member) => inner + member).join(',\n')}\n${indent}}`;
}
