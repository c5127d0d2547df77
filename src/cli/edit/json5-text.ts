import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import type { Bilingual } from '../language.ts';
import { Malformed } from './format.ts';

/** A value with the place at which it stands in the text. */
export interface JsonNode {
  readonly from: number;
  readonly to: number;
  readonly value: unknown;
  /** Members of an object, in the order of the text. */
  readonly members?: readonly JsonMember[];
  /** Entries of a list. */
  readonly items?: readonly JsonNode[];
  /** A comma stands behind the last member or entry. */
  readonly endsWithComma?: boolean;
}

export interface JsonMember {
  readonly key: string;
  readonly isQuoted: boolean;
  readonly from: number;
  readonly to: number;
  readonly node: JsonNode;
}

/** JSON5 is a part of JavaScript's expressions: the parser of those gives every value its place. */
const expressions = parser.configure({ top: 'SingleExpression' });

/** The value of a JSON or JSON5 text; undefined where there is nothing but comments. Throws Malformed. */
export function parseJson5(text: string): JsonNode | undefined {
  const root = expressions.parse(text).topNode;
  const found = children(root);
  const [first, second] = found;
  if (first === undefined || (found.length === 1 && first.type.isError && text.slice(first.from).trim() === '')) {
    return undefined;
  }
  if (second !== undefined)
    throw new Malformed({ en: 'something stands behind the value', zh: '值的后面还有内容' }, second.from);
  return toNode(text, first);
}

function children(node: SyntaxNode): SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment' && child.name !== 'BlockComment') list.push(child);
  }
  return list;
}

function toNode(text: string, node: SyntaxNode): JsonNode {
  if (node.name === 'ObjectExpression') return toObject(text, node);
  if (node.name === 'ArrayExpression') return toList(text, node);
  return { from: node.from, to: node.to, value: scalar(text, node) };
}

function toObject(text: string, node: SyntaxNode): JsonNode {
  const parts = separated(node, '{', '}');
  const members = parts.nodes.map((part) => toMember(text, part));
  return {
    from: node.from,
    to: node.to,
    value: Object.fromEntries(members.map(({ key, node: { value } }) => [key, value])),
    members,
    endsWithComma: parts.endsWithComma,
  };
}

function toList(text: string, node: SyntaxNode): JsonNode {
  const parts = separated(node, '[', ']');
  const items = parts.nodes.map((part) => toNode(text, part));
  return {
    from: node.from,
    to: node.to,
    value: items.map(({ value }) => value),
    items,
    endsWithComma: parts.endsWithComma,
  };
}

const NO_VALUE: Bilingual = { en: 'a value is missing before this comma', zh: '逗号之前缺少值' };
const NO_COMMA: Bilingual = { en: 'a comma is missing', zh: '缺少逗号' };

/** What stands between the brackets, with single commas between. */
function separated(node: SyntaxNode, open: string, close: string) {
  const all = children(node);
  const closing = all.at(-1);
  if (all[0]?.name !== open || closing?.name !== close) {
    throw new Malformed({ en: `a "${close}" is missing`, zh: `缺少“${close}”` }, closing?.from ?? node.to);
  }
  const inner = all.slice(1, -1);
  const nodes: SyntaxNode[] = [];
  for (const [index, part] of inner.entries()) {
    const isComma = part.name === ',';
    if (isComma !== (index % 2 === 1)) {
      throw new Malformed(isComma ? NO_VALUE : NO_COMMA, part.from);
    }
    if (!isComma) nodes.push(part);
  }
  return { nodes, endsWithComma: inner.length > 0 && inner.length % 2 === 0 };
}

function toMember(text: string, property: SyntaxNode): JsonMember {
  const [name, colon, value, ...rest] = property.name === 'Property' ? children(property) : [];
  if (name === undefined || colon?.name !== ':' || value === undefined || rest.length > 0) {
    throw new Malformed({ en: 'this is no `key: value`', zh: '不是 `键: 值`' }, property.from);
  }
  const isQuoted = name.name === 'String';
  if (!isQuoted && name.name !== 'PropertyDefinition' && name.name !== 'Number') {
    throw new Malformed({ en: 'this is no key', zh: '不是合法的键' }, name.from);
  }
  const key = isQuoted ? stringValue(text, name) : text.slice(name.from, name.to);
  return { key, isQuoted, from: property.from, to: property.to, node: toNode(text, value) };
}

const WORDS: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  false: false,
  Infinity: Number.POSITIVE_INFINITY,
  NaN: Number.NaN,
};

function scalar(text: string, node: SyntaxNode): unknown {
  const source = text.slice(node.from, node.to);
  if (node.name === 'String') return stringValue(text, node);
  if (Object.hasOwn(WORDS, source)) return WORDS[source];
  const [, sign = '', digits = ''] = /^([+-]?)\s*(\S+)$/.exec(source) ?? [];
  const size = digits === 'Infinity' ? Number.POSITIVE_INFINITY : Number(digits);
  const isNumber = /^(0[xX][\da-fA-F]+|\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|Infinity|NaN)$/.test(digits);
  if (!isNumber) throw new Malformed({ en: 'this is no value of JSON5', zh: '不是 JSON5 的值' }, node.from);
  return sign === '-' ? -size : size;
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
  '\n': '',
};

function stringValue(text: string, node: SyntaxNode): string {
  const inner = text.slice(node.from + 1, node.to - 1);
  const quote = text[node.from];
  const isClosed = node.to - node.from >= 2 && text[node.to - 1] === quote;
  if (!isClosed || /(?:^|[^\\])(?:\\\\)*\n/.test(inner))
    throw new Malformed({ en: 'this text has no end', zh: '字符串没有结束' }, node.from);
  return inner.replace(/\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|([\s\S]))/g, (_all, unicode, hex, other) => {
    const code: string | undefined = unicode ?? hex;
    return code === undefined ? (ESCAPES[other] ?? other) : String.fromCharCode(Number.parseInt(code, 16));
  });
}
