import type { SyntaxNode } from '@lezer/common';
import type { Entry, Expression, RecordLiteral } from './expression.ts';
import { childrenOf, type ExpressionReader, isPunctuation, other, spanOf } from './expression-reader.ts';
import { stringValue } from './string-value.ts';

/** One node of a Python tree, as an expression. */
export function pythonExpression(node: SyntaxNode, reader: ExpressionReader): Expression {
  const span = spanOf(node);
  switch (node.name) {
    case 'String':
    case 'ContinuedString':
      return literal(node, reader);
    case 'Number':
      return { ...span, kind: 'number', value: Number(reader.slice(node).replaceAll('_', '')) };
    case 'Boolean':
      return { ...span, kind: 'word', value: reader.slice(node) === 'True' };
    case 'None':
      return { ...span, kind: 'word', value: null };
    case 'VariableName':
      return { ...span, kind: 'name', name: reader.slice(node) };
    case 'UnaryExpression':
      return unary(node, reader);
    case 'ArrayExpression':
    case 'TupleExpression':
      return { ...span, kind: 'list', items: parts(node).map((child) => reader.read(child)) };
    case 'DictionaryExpression':
      return record(node, reader);
    case 'MemberExpression':
      return member(node, reader);
    case 'CallExpression':
      return call(node, reader);
    case 'AwaitExpression':
    case 'ParenthesizedExpression': {
      const only = parts(node).find(({ name }) => name !== 'await');
      return only ? reader.read(only) : other(span);
    }
    case 'NamedExpression':
      return node.lastChild ? reader.read(node.lastChild) : other(span);
    case 'BinaryExpression':
      return binary(node, reader);
    case 'ConditionalExpression': {
      const [then, , , , otherwise] = childrenOf(node);
      const options = [then, otherwise].flatMap((child) => (child ? [reader.read(child)] : []));
      return { ...span, kind: 'either', options };
    }
    default:
      return other(span);
  }
}

const parts = (node: SyntaxNode): SyntaxNode[] => childrenOf(node).filter((child) => !isPunctuation(child));

function literal(node: SyntaxNode, reader: ExpressionReader): Expression {
  const pieces = node.name === 'String' ? [node] : childrenOf(node);
  const values = pieces.map((piece) => (piece.name === 'String' ? stringValue(reader.slice(piece)) : undefined));
  if (values.includes(undefined)) return other(node);
  return { ...spanOf(node), kind: 'text', value: values.join('') };
}

function unary(node: SyntaxNode, reader: ExpressionReader): Expression {
  const value = node.lastChild ? reader.read(node.lastChild) : other(node);
  const operator = reader.text.charAt(node.from);
  if (value.kind !== 'number' || (operator !== '-' && operator !== '+')) return other(node);
  return { ...spanOf(node), kind: 'number', value: operator === '-' ? -value.value : value.value };
}

function binary(node: SyntaxNode, reader: ExpressionReader): Expression {
  const [left, operator, right] = childrenOf(node);
  if (left === undefined || right === undefined || operator?.name !== 'or') return other(node);
  return { ...spanOf(node), kind: 'either', options: [reader.read(left), reader.read(right)] };
}

function member(node: SyntaxNode, reader: ExpressionReader): Expression {
  const children = childrenOf(node);
  const [object] = children;
  const keys = children.slice(1).filter((child) => !isPunctuation(child));
  const [key] = keys;
  if (object === undefined || key === undefined || keys.length > 1) return other(node);
  const base = { ...spanOf(node), kind: 'member' as const, object: reader.read(object), isOptional: false };
  if (key.name === 'PropertyName') return { ...base, property: reader.slice(key), index: undefined };
  const index = reader.read(key);
  if (index.kind === 'text') return { ...base, property: index.value, index: undefined };
  return { ...base, property: undefined, index };
}

function call(node: SyntaxNode, reader: ExpressionReader): Expression {
  const callee = node.firstChild;
  const list = node.getChild('ArgList');
  if (!callee || !list) return other(node);
  const { positional, keywords } = argumentsOf(list, reader);
  const isDict = reader.slice(callee) === 'dict' && positional.length === 0;
  if (isDict) return { ...keywords, ...spanOf(node) };
  return {
    ...spanOf(node),
    kind: 'call',
    callee: reader.read(callee),
    positional,
    keywords,
    list: spanOf(list),
  };
}

/** Children come flat: `name = value`, `* value`, `** value`, `value`; or a comprehension without brackets. */
function argumentsOf(
  list: SyntaxNode,
  reader: ExpressionReader,
): { positional: Expression[]; keywords: RecordLiteral } {
  const positional: Expression[] = [];
  const entries: Entry[] = [];
  const spreads: Expression[] = [];
  for (const group of groups(list)) {
    const [first, second, third] = group;
    if (first === undefined) continue;
    const isNamed = second?.name === 'AssignOp' && third !== undefined;
    if (isNamed) entries.push(entryOf(first, third, reader.slice(first), reader));
    else if (first.name === '**' && second) spreads.push(reader.read(second));
    else if (group.length === 1) positional.push(reader.read(first));
    else positional.push(other({ from: first.from, to: group.at(-1)?.to ?? first.to }));
  }
  return { positional, keywords: { ...spanOf(list), kind: 'record', entries, spreads } };
}

function record(node: SyntaxNode, reader: ExpressionReader): RecordLiteral {
  const entries: Entry[] = [];
  const spreads: Expression[] = [];
  for (const [key, colon, value] of groups(node)) {
    if (key?.name === '**' && colon) spreads.push(reader.read(colon));
    else if (key?.name === 'String' && colon?.name === ':' && value) {
      const name = stringValue(reader.slice(key));
      if (name !== undefined) entries.push(entryOf(key, value, name, reader));
    }
  }
  return { ...spanOf(node), kind: 'record', entries, spreads };
}

function entryOf(key: SyntaxNode, value: SyntaxNode, name: string, reader: ExpressionReader): Entry {
  return { from: key.from, to: value.to, name, key: spanOf(key), isShort: false, value: reader.read(value) };
}

/** The children between the brackets, cut at the commas. */
function groups(node: SyntaxNode): SyntaxNode[][] {
  const all: SyntaxNode[][] = [[]];
  for (const child of childrenOf(node).slice(1, -1)) {
    if (child.name === ',') all.push([]);
    else all.at(-1)?.push(child);
  }
  return all;
}
