import type { SyntaxNode } from '@lezer/common';
import type { Entry, Expression } from './expression.ts';
import { childrenOf, type ExpressionReader, isPunctuation, other, spanOf } from './expression-reader.ts';
import { stringValue } from './string-value.ts';

/** One node of a JavaScript tree, as an expression. */
export function javascriptExpression(node: SyntaxNode, reader: ExpressionReader): Expression {
  const span = spanOf(node);
  switch (node.name) {
    case 'String':
      return literal(node, reader);
    case 'TemplateString':
      return node.getChild('Interpolation') ? other(span) : literal(node, reader);
    case 'Number':
      return { ...span, kind: 'number', value: Number(reader.slice(node).replaceAll('_', '')) };
    case 'BooleanLiteral':
      return { ...span, kind: 'word', value: reader.slice(node) === 'true' };
    case 'null':
      return { ...span, kind: 'word', value: null };
    case 'VariableName':
      if (reader.slice(node) === 'undefined') return { ...span, kind: 'word', value: null };
      return { ...span, kind: 'name', name: reader.slice(node) };
    case 'this':
      return { ...span, kind: 'name', name: 'this' };
    case 'UnaryExpression':
      return unary(node, reader);
    case 'ArrayExpression':
      return { ...span, kind: 'list', items: parts(node).map((child) => reader.read(child)) };
    case 'ObjectExpression':
      return record(node, reader);
    case 'MemberExpression':
      return member(node, reader);
    case 'CallExpression':
    case 'NewExpression':
      return call(node, reader);
    case 'AwaitExpression':
    case 'ParenthesizedExpression':
    case 'PostfixExpression':
    // The grammar reads `yield a!.b` as `(yield a)!.b`.
    case 'YieldExpression':
      return inner(node, reader);
    case 'BinaryExpression':
      return binary(node, reader);
    case 'ConditionalExpression':
      return {
        ...span,
        kind: 'either',
        options: expressions(node)
          .slice(1)
          .map((child) => reader.read(child)),
      };
    default:
      return other(span);
  }
}

function literal(node: SyntaxNode, reader: ExpressionReader): Expression {
  const value = stringValue(reader.slice(node));
  return value === undefined ? other(node) : { ...spanOf(node), kind: 'text', value };
}

const parts = (node: SyntaxNode): SyntaxNode[] => childrenOf(node).filter((child) => !isPunctuation(child));

/** Without operators and keywords. */
function expressions(node: SyntaxNode): SyntaxNode[] {
  return parts(node).filter(({ name }) => !/^(?:\w*Op|await|yield|new|as|satisfies|!)$/.test(name));
}

function inner(node: SyntaxNode, reader: ExpressionReader): Expression {
  const [only] = expressions(node);
  return only === undefined ? other(node) : reader.read(only);
}

function unary(node: SyntaxNode, reader: ExpressionReader): Expression {
  const value = inner(node, reader);
  const operator = reader.text.charAt(node.from);
  if (value.kind !== 'number' || (operator !== '-' && operator !== '+')) return other(node);
  return { ...spanOf(node), kind: 'number', value: operator === '-' ? -value.value : value.value };
}

function binary(node: SyntaxNode, reader: ExpressionReader): Expression {
  const children = childrenOf(node);
  const [left, operator, right] = children;
  if (left === undefined || operator === undefined || right === undefined) return other(node);
  const sign = reader.slice(operator);
  if (sign === 'as' || sign === 'satisfies') return reader.read(left);
  if (sign !== '||' && sign !== '??') return other(node);
  return { ...spanOf(node), kind: 'either', options: [reader.read(left), reader.read(right)] };
}

function member(node: SyntaxNode, reader: ExpressionReader): Expression {
  const children = childrenOf(node);
  const [object, operator] = children;
  const last = children.findLast(({ name }) => name !== ']' && name !== '⚠');
  if (object === undefined || last === undefined || object === last) return other(node);
  const isOptional = operator?.name === '?.';
  const base = { ...spanOf(node), kind: 'member' as const, object: reader.read(object), isOptional };
  if (/PropertyName$/.test(last.name)) return { ...base, property: reader.slice(last), index: undefined };
  const index = reader.read(last);
  if (index.kind === 'text') return { ...base, property: index.value, index: undefined };
  return { ...base, property: undefined, index };
}

function call(node: SyntaxNode, reader: ExpressionReader): Expression {
  const list = node.getChild('ArgList');
  const callee = expressions(node).find(({ name }) => name !== 'ArgList' && name !== 'TypeArgList');
  if (callee === undefined) return other(node);
  const positional = list ? parts(list).map((child) => reader.read(child)) : [];
  const parentheses = list ? spanOf(list) : undefined;
  return {
    ...spanOf(node),
    kind: 'call',
    callee: reader.read(callee),
    positional,
    keywords: undefined,
    list: parentheses,
  };
}

function record(node: SyntaxNode, reader: ExpressionReader): Expression {
  const properties = node.getChildren('Property');
  const spreads = properties.flatMap((property) => {
    const value = property.getChild('Spread') ? property.lastChild : null;
    return value ? [reader.read(value)] : [];
  });
  const entries = properties.flatMap((property) => entry(property, reader));
  return { ...spanOf(node), kind: 'record', entries, spreads };
}

function entry(property: SyntaxNode, reader: ExpressionReader): Entry[] {
  const [key, ...rest] = childrenOf(property);
  if (key === undefined || !/^(?:PropertyDefinition|String|Number)$/.test(key.name)) return [];
  const name = key.name === 'String' ? stringValue(reader.slice(key)) : reader.slice(key);
  if (name === undefined) return [];
  const base = { ...spanOf(property), name, key: spanOf(key) };
  if (rest.length === 0) return [{ ...base, isShort: true, value: { ...spanOf(key), kind: 'name', name } }];
  const value = rest.findLast((child) => !isPunctuation(child));
  if (value === undefined || rest[0]?.name !== ':') return [{ ...base, isShort: false, value: other(property) }];
  return [{ ...base, isShort: false, value: reader.read(value) }];
}
