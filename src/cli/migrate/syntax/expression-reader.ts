import type { SyntaxNode } from '@lezer/common';
import type { Expression, Span } from './expression.ts';

/** How one language's nodes become expressions. `read` goes on with a part of the node. */
export type Conversion = (node: SyntaxNode, reader: ExpressionReader) => Expression;

/** Spans of less than 2^26 characters; files are limited far below that. */
const SPAN_FACTOR = 2 ** 26;

/** Nobody nests deeper by hand, and the stack has an end. */
const DEPTH = 200;

/** Each node becomes one expression, so that expressions can be compared and have parents. */
export class ExpressionReader {
  readonly text: string;
  readonly parents = new Map<Expression, Expression>();
  readonly #convert: Conversion;
  readonly #known = new Map<number, Expression>();
  #depth = 0;

  constructor(text: string, convert: Conversion) {
    this.text = text;
    this.#convert = convert;
  }

  read(node: SyntaxNode): Expression {
    const place = node.from * SPAN_FACTOR + node.to;
    const known = this.#known.get(place);
    if (known !== undefined) return known;
    // What lies deeper is read when the walk comes to it.
    if (this.#depth >= DEPTH) return other(node);
    this.#depth++;
    const expression = this.#convert(node, this);
    this.#depth--;
    this.#known.set(place, expression);
    if (expression.kind === 'member') this.parents.set(expression.object, expression);
    if (expression.kind === 'call') this.parents.set(expression.callee, expression);
    return expression;
  }

  slice({ from, to }: Span): string {
    return this.text.slice(from, to);
  }
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!/Comment$/.test(child.name)) children.push(child);
  }
  return children;
}

const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', '⚠', ':', '.', '?.']);

export const isPunctuation = ({ name }: SyntaxNode): boolean => PUNCTUATION.has(name);

export const spanOf = ({ from, to }: Span): Span => ({ from, to });

export const other = (span: Span): Expression => ({ kind: 'other', from: span.from, to: span.to });
