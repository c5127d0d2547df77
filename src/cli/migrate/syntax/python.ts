import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { childrenOf } from './expression-reader.ts';
import type { Program } from './program.ts';
import { ProgramBuilder } from './program-builder.ts';
import { pythonExpression } from './python-expressions.ts';
import type { SourceFile } from './source-file.ts';

const SCOPES = new Set(['FunctionDefinition', 'LambdaExpression']);
const EXPRESSIONS = new Set([
  'CallExpression',
  'MemberExpression',
  'DictionaryExpression',
  'String',
  'ContinuedString',
]);

export function readPython(file: SourceFile): Program {
  const tree = parser.parse(file.text);
  const builder = new ProgramBuilder(file, tree, pythonExpression);
  tree.iterate({
    enter: ({ node }) => enter(node, builder),
    leave: ({ node }) => {
      if (SCOPES.has(node.name)) builder.leave();
    },
  });
  return builder.build();
}

function enter(node: SyntaxNode, builder: ProgramBuilder): void {
  const { name } = node;
  if (name === 'FunctionDefinition' || name === 'ClassDefinition') declareName(node, builder);
  if (SCOPES.has(name)) builder.enter(node);
  if (EXPRESSIONS.has(name)) builder.add(builder.reader.read(node));
  else if (name === 'ImportStatement') bindImports(node, builder);
  else if (name === 'AssignStatement' || name === 'UpdateStatement') assignment(node, builder);
  else if (name === 'NamedExpression') named(node, builder);
  else if (name === 'WithStatement') withNames(node, builder);
  else if (name === 'ParamList') parameters(node, builder);
  else if (name === 'ForStatement' || /Comprehension/.test(name) || name === 'ArgList') loops(node, builder);
  else if (name === 'Comment') builder.comments.push({ from: node.from, to: node.to });
}

function declareName(node: SyntaxNode, builder: ProgramBuilder): void {
  const name = node.getChild('VariableName');
  if (name) builder.bind(builder.reader.slice(name), {});
}

/** `import a.b as c, d`, `from a.b import c as d, e`. */
function bindImports(node: SyntaxNode, builder: ProgramBuilder): void {
  const text = builder.reader
    .slice(node)
    .replace(/#.*$/gm, '')
    .replace(/[\\()\s]+/g, ' ')
    .trim();
  const [, from, list = ''] = /^(?:from (\S+) )?import (.*)$/.exec(text) ?? [];
  for (const item of list.split(',')) {
    const [, name = '', local] = /^\s*(\S+)(?: as (\S+))?\s*$/.exec(item) ?? [];
    if (name === '') continue;
    // `import a.b` binds `a`.
    const imported = from === undefined ? { module: name, name: '*' } : { module: from, name };
    builder.bind(local ?? (from === undefined ? (name.split('.')[0] ?? name) : name), { imported });
  }
}

/** `a = b = value`, `a: T = value`, `a += value`. Several targets at once are bound without a value. */
function assignment(node: SyntaxNode, builder: ProgramBuilder): void {
  const { reader } = builder;
  const children = childrenOf(node).filter(({ name }) => name !== 'TypeDef');
  const operators = children.filter(({ name }) => name === 'AssignOp' || name === 'UpdateOp');
  const type = node.getChild('TypeDef');
  const value = children.at(-1);
  if (children.some(({ name }) => name === ',')) {
    for (const child of children)
      if (child.name === 'VariableName') builder.bind(reader.slice(child), { isDefault: true });
    return;
  }
  for (const [index, target] of children.entries()) {
    const operator = children[index + 1];
    if (operator === undefined || !operators.includes(operator) || value === undefined || value === operator) continue;
    const [to, what] = [reader.read(target), reader.read(value)];
    builder.assignments.push({
      from: node.from,
      to: node.to,
      target: to,
      value: what,
      operator: reader.slice(operator),
    });
    builder.assign(to, what, 'local');
  }
  const [only] = children;
  if (type && operators.length === 0 && only?.name === 'VariableName') {
    builder.bind(reader.slice(only), { type: typeText(type, builder) });
  }
}

function named(node: SyntaxNode, builder: ProgramBuilder): void {
  const { firstChild: target, lastChild: value } = node;
  if (target && value) builder.assign(builder.reader.read(target), builder.reader.read(value), 'local');
}

/** `with client.stream() as events` */
function withNames(node: SyntaxNode, builder: ProgramBuilder): void {
  const children = childrenOf(node);
  for (const [index, child] of children.entries()) {
    const [value, target] = [children[index - 1], children[index + 1]];
    if (child.name !== 'as' || value === undefined || target === undefined) continue;
    builder.assign(builder.reader.read(target), builder.reader.read(value), 'local');
  }
}

const typeText = (type: SyntaxNode, { reader }: ProgramBuilder): string =>
  reader.slice(type).replace(/^(?::|->)\s*/, '');

function parameters(node: SyntaxNode, builder: ProgramBuilder): void {
  const children = childrenOf(node);
  for (const [index, child] of children.entries()) {
    if (child.name !== 'VariableName' || children[index - 1]?.name === 'AssignOp') continue;
    const end = children.slice(index + 1).findIndex(({ name }) => name === ',');
    const own = children.slice(index + 1, end < 0 ? undefined : index + 1 + end);
    const type = own.find(({ name }) => name === 'TypeDef');
    const value = own[own.findIndex(({ name }) => name === 'AssignOp') + 1];
    const hasValue = own.some(({ name }) => name === 'AssignOp') && value !== undefined;
    builder.bind(builder.reader.slice(child), {
      isDefault: true,
      ...(hasValue ? { value: builder.reader.read(value) } : {}),
      ...(type ? { type: typeText(type, builder) } : {}),
    });
  }
}

/** `for v in i: body`; in a comprehension the body is the whole of it. */
function loops(node: SyntaxNode, builder: ProgramBuilder): void {
  const children = childrenOf(node);
  const isStatement = node.name === 'ForStatement';
  for (const [index, child] of children.entries()) {
    const [variable, word, iterable] = children.slice(index + 1);
    if (child.name !== 'for' || !variable || word?.name !== 'in' || !iterable) continue;
    const isName = variable.name === 'VariableName';
    const body = isStatement ? node.getChild('Body') : node;
    if (!body) continue;
    if (isStatement && isName) builder.bind(builder.reader.slice(variable), { isDefault: true });
    builder.loops.push({
      from: node.from,
      to: node.to,
      variable: isName ? builder.reader.slice(variable) : undefined,
      iterable: builder.reader.read(iterable),
      body: { from: body.from, to: body.to },
      isStatement,
    });
  }
}
