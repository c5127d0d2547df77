import type { Tree } from '@lezer/common';
import type { Call, Expression, Member, RecordLiteral, Span, Text } from './expression.ts';
import { pathOf } from './expression.ts';
import { type Conversion, ExpressionReader } from './expression-reader.ts';
import { type Assignment, type Binding, bind, type Loop, newScope, type Program, type Scope } from './program.ts';
import type { SourceFile } from './source-file.ts';

/** Gathers what a walk over one file's tree finds. */
export class ProgramBuilder {
  readonly reader: ExpressionReader;
  readonly root: Scope;
  readonly calls: Call[] = [];
  readonly members: Member[] = [];
  readonly records: RecordLiteral[] = [];
  readonly texts: Text[] = [];
  readonly assignments: Assignment[] = [];
  readonly loops: Loop[] = [];
  readonly comments: Span[] = [];
  readonly #file: SourceFile;
  readonly #scopes: Scope[];
  #scope: Scope;

  constructor(file: SourceFile, tree: Tree, convert: Conversion) {
    this.#file = file;
    this.reader = new ExpressionReader(file.text, convert);
    this.root = newScope({ from: 0, to: tree.length }, undefined);
    this.#scope = this.root;
    this.#scopes = [this.root];
  }

  enter(span: Span): void {
    this.#scope = newScope(span, this.#scope);
    this.#scopes.push(this.#scope);
  }

  leave(): void {
    this.#scope = this.#scope.parent ?? this.root;
  }

  bind(name: string, binding: Binding): void {
    bind(this.#scope, name, binding);
  }

  /** A member such as `this.client` has one meaning in the whole file. */
  assign(target: Expression, value: Expression, names: 'local' | 'declared'): void {
    const path = pathOf(target);
    if (path === undefined) return;
    const scope = target.kind !== 'name' ? this.root : names === 'local' ? this.#scope : this.#declaring(path);
    bind(scope, path, { value });
  }

  #declaring(name: string): Scope {
    let scope: Scope | undefined = this.#scope;
    while (scope && !scope.bindings.has(name)) scope = scope.parent;
    return scope ?? this.root;
  }

  add(expression: Expression): void {
    if (expression.kind === 'call') this.calls.push(expression);
    else if (expression.kind === 'member') this.members.push(expression);
    else if (expression.kind === 'record') this.records.push(expression);
    else if (expression.kind === 'text') this.texts.push(expression);
  }

  build(): Program {
    const { root, calls, members, records, texts, assignments, loops, comments } = this;
    const { parents } = this.reader;
    return {
      file: this.#file,
      root,
      scopes: this.#scopes,
      calls,
      members,
      records,
      texts,
      assignments,
      loops,
      comments,
      parents,
    };
  }
}
