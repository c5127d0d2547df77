import {
  type Call,
  type Expression,
  isWithin,
  type Member,
  pathOf,
  type RecordLiteral,
  type Span,
  type Text,
} from './expression.ts';
import type { SourceFile } from './source-file.ts';

/** A name that comes from a module: `import X from M` has the imported name `default`, `import * as X` has `*`. */
export interface ImportedName {
  readonly module: string;
  readonly name: string;
}

/** One place that gives a name a meaning. A parameter has no value, or the one it has by default. */
export interface Binding {
  readonly value?: Expression;
  readonly type?: string;
  readonly imported?: ImportedName;
  /** Callers may pass something else. */
  readonly isDefault?: boolean;
}

export interface Scope extends Span {
  readonly parent: Scope | undefined;
  readonly bindings: Map<string, Binding[]>;
}

export interface Assignment extends Span {
  readonly target: Expression;
  readonly value: Expression;
  /** `=`, `+=` and their kin. */
  readonly operator: string;
}

/** `for (const V of I) B`, `for V in I: B`, and comprehensions. */
export interface Loop extends Span {
  /** The loop variable; undefined if it is a pattern. */
  readonly variable: string | undefined;
  readonly iterable: Expression;
  readonly body: Span;
  /** A statement with a body of its own, so that a line can be put into it. */
  readonly isStatement: boolean;
}

/** What a file says, as far as the checks ask; the same for both languages. */
export interface Program {
  readonly file: SourceFile;
  readonly root: Scope;
  readonly scopes: readonly Scope[];
  readonly calls: readonly Call[];
  readonly members: readonly Member[];
  readonly records: readonly RecordLiteral[];
  readonly texts: readonly Text[];
  readonly assignments: readonly Assignment[];
  readonly loops: readonly Loop[];
  readonly comments: readonly Span[];
  /** The member or call of which an expression is the object or the callee. */
  readonly parents: ReadonlyMap<Expression, Expression>;
}

export function newScope(span: Span, parent: Scope | undefined): Scope {
  return { from: span.from, to: span.to, parent, bindings: new Map() };
}

export function bind(scope: Scope, name: string, binding: Binding): void {
  const known = scope.bindings.get(name);
  if (known === undefined) scope.bindings.set(name, [binding]);
  else known.push(binding);
}

/** The innermost scope around a span. */
export function scopeOf(program: Program, span: Span): Scope {
  // Scopes are in the order in which they begin, so the last one around the span is the innermost.
  return program.scopes.findLast((scope) => isWithin(span, scope)) ?? program.root;
}

/** Every meaning that a name has at a place, from the innermost scope that knows it. */
export function bindingsOf(program: Program, name: string, at: Span): readonly Binding[] {
  for (let scope: Scope | undefined = scopeOf(program, at); scope; scope = scope.parent) {
    const found = scope.bindings.get(name);
    if (found !== undefined) return found;
  }
  return [];
}

const DEPTH = 6;

/** The literal or call that an expression surely is, through constants of the same file. */
export function resolve(program: Program, expression: Expression, depth = DEPTH): Expression {
  if (depth === 0) return expression;
  const path = expression.kind === 'name' || expression.kind === 'member' ? pathOf(expression) : undefined;
  if (path === undefined) return expression;
  const [only, ...others] = bindingsOf(program, path, expression);
  if (only === undefined) return memberValue(program, expression, depth);
  if (only.value === undefined || others.length > 0 || only.isDefault === true) return expression;
  return resolve(program, only.value, depth - 1);
}

/** `DEFAULTS.model`, where DEFAULTS is a constant record. */
function memberValue(program: Program, expression: Expression, depth: number): Expression {
  if (expression.kind !== 'member' || expression.property === undefined) return expression;
  const object = resolve(program, expression.object, depth - 1);
  if (object.kind !== 'record') return expression;
  const entry = object.entries.findLast(({ name }) => name === expression.property);
  return entry === undefined ? expression : resolve(program, entry.value, depth - 1);
}

/** All that an expression may be: what it is if that is sure, else what it is by default or in one of the cases. */
export function candidates(program: Program, expression: Expression, depth = DEPTH): readonly Expression[] {
  if (depth === 0) return [];
  const value = resolve(program, expression);
  if (value.kind === 'either') return value.options.flatMap((option) => candidates(program, option, depth - 1));
  if (value.kind === 'call') return fallbackOf(value).flatMap((option) => candidates(program, option, depth - 1));
  const path = pathOf(value);
  if (path === undefined) return [value];
  return bindingsOf(program, path, value).flatMap((binding) =>
    binding.value === undefined ? [] : candidates(program, binding.value, depth - 1),
  );
}

/** `os.getenv("MODEL", "gpt-4o")` and `os.environ.get("MODEL", "gpt-4o")`. */
function fallbackOf({ callee, positional: [, fallback] }: Call): readonly Expression[] {
  const path = pathOf(callee) ?? '';
  return fallback !== undefined && /(?:^|\.)(?:getenv|environ\.get)$/.test(path) ? [fallback] : [];
}
