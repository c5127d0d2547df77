/** Expressions as JavaScript and Python have them in common; what no check looks at is `other`. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Text extends Span {
  readonly kind: 'text';
  readonly value: string;
}

export interface Numeric extends Span {
  readonly kind: 'number';
  readonly value: number;
}

/** true, false, and whatever stands for nothing. */
export interface Word extends Span {
  readonly kind: 'word';
  readonly value: boolean | null;
}

export interface List extends Span {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

/** `name: value` of an object, `"name": value` of a dict, `name=value` of a call. */
export interface Entry extends Span {
  readonly name: string;
  readonly key: Span;
  readonly value: Expression;
  /** `{ model }`: the key is the value. */
  readonly isShort: boolean;
}

/** An object literal, a dict, or the keyword arguments of a call. */
export interface RecordLiteral extends Span {
  readonly kind: 'record';
  readonly entries: readonly Entry[];
  readonly spreads: readonly Expression[];
}

export interface Name extends Span {
  readonly kind: 'name';
  readonly name: string;
}

/** `a.b`, `a?.b`, `a["b"]` have a property; `a[0]`, `a[i]` an index. */
export interface Member extends Span {
  readonly kind: 'member';
  readonly object: Expression;
  readonly property: string | undefined;
  readonly index: Expression | undefined;
  readonly isOptional: boolean;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly positional: readonly Expression[];
  /** Python's `name=value`. */
  readonly keywords: RecordLiteral | undefined;
  /** The parentheses and what is between them; undefined for `new X`. */
  readonly list: Span | undefined;
}

/** `a || b`, `a ?? b`, `c ? a : b`, `a if c else b`. */
export interface Either extends Span {
  readonly kind: 'either';
  readonly options: readonly Expression[];
}

export interface Other extends Span {
  readonly kind: 'other';
}

export type Expression = Text | Numeric | Word | List | RecordLiteral | Name | Member | Call | Either | Other;

/** `chunk.choices[0].delta` for a chain of names, properties and fixed indexes; undefined for everything else. */
export function pathOf(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'member') return undefined;
  const object = pathOf(expression.object);
  if (object === undefined) return undefined;
  if (expression.property !== undefined) return `${object}.${expression.property}`;
  return expression.index?.kind === 'number' ? `${object}[${expression.index.value}]` : undefined;
}

/** What a chain of properties, indexes and calls begins with. */
export function rootOf(expression: Expression): Expression {
  let root = expression;
  while (root.kind === 'member') root = root.object;
  return root;
}

export const isWithin = (inner: Span, outer: Span): boolean => inner.from >= outer.from && inner.to <= outer.to;
