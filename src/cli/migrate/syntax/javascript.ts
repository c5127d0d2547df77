import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import { pathOf } from './expression.ts';
import { childrenOf, isPunctuation } from './expression-reader.ts';
import { javascriptExpression } from './javascript-expressions.ts';
import { bindImports, requiredModule } from './javascript-imports.ts';
import type { Program } from './program.ts';
import { ProgramBuilder } from './program-builder.ts';
import type { SourceFile } from './source-file.ts';

const SCOPES = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunction',
  'MethodDeclaration',
  'Block',
  'ForStatement',
  'ClassBody',
  'CatchClause',
]);

const EXPRESSIONS = new Set([
  'CallExpression',
  'NewExpression',
  'MemberExpression',
  'ObjectExpression',
  'String',
  'TemplateString',
]);

const parsers = {
  ts: parser.configure({ dialect: 'ts' }),
  tsx: parser.configure({ dialect: 'ts jsx' }),
  jsx: parser.configure({ dialect: 'jsx' }),
};

/** The parser recovers from errors, so a file that is broken in one place is read in the others. */
export function readJavaScript(file: SourceFile): Program {
  const dialect = file.language === 'javascript' ? 'jsx' : /x$/.test(file.path) ? 'tsx' : 'ts';
  const tree = parsers[dialect].parse(file.text);
  const builder = new ProgramBuilder(file, tree, javascriptExpression);
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
  if (name === 'FunctionDeclaration' || name === 'ClassDeclaration') declareName(node, builder);
  if (SCOPES.has(name)) builder.enter(node);
  if (EXPRESSIONS.has(name)) builder.add(builder.reader.read(node));
  else if (name === 'ImportDeclaration') bindImports(node, builder);
  else if (name === 'VariableDeclaration') declareVariables(node, builder);
  else if (name === 'AssignmentExpression') assignment(node, builder);
  else if (name === 'PropertyDeclaration') property(node, builder);
  else if (name === 'ParamList') parameters(node, builder);
  else if (name === 'ForOfSpec') loop(node, builder);
  else if (name === 'LineComment' || name === 'BlockComment') builder.comments.push({ from: node.from, to: node.to });
}

function declareName(node: SyntaxNode, builder: ProgramBuilder): void {
  const name = node.getChild('VariableDefinition');
  if (name) builder.bind(builder.reader.slice(name), {});
}

function declareVariables(node: SyntaxNode, builder: ProgramBuilder): void {
  const children = childrenOf(node);
  for (const [index, child] of children.entries()) {
    if (child.name !== 'VariableDefinition' && child.name !== 'ObjectPattern' && child.name !== 'ArrayPattern')
      continue;
    const { type, value } = annotations(children.slice(index + 1), builder);
    const module = value && requiredModule(value, builder.reader);
    if (child.name === 'VariableDefinition') {
      const name = builder.reader.slice(child);
      if (module !== undefined) builder.bind(name, { imported: { module, name: '*' } });
      else if (value)
        builder.bind(name, { value: builder.reader.read(value), ...(type === undefined ? {} : { type }) });
      else if (type !== undefined) builder.bind(name, { type });
      else builder.bind(name, { isDefault: true });
    } else bindPattern(child, module, builder);
  }
}

/** The `: T` and the `= value` behind a definition, up to the next comma. */
function annotations(rest: readonly SyntaxNode[], builder: ProgramBuilder): { type?: string; value?: SyntaxNode } {
  const end = rest.findIndex(({ name }) => name === ',' || name === ';');
  const own = end < 0 ? rest : rest.slice(0, end);
  const type = own.find(({ name }) => name === 'TypeAnnotation');
  const equals = own.findIndex(({ name }) => name === 'Equals');
  const value = equals < 0 ? undefined : own.slice(equals + 1).find((child) => !isPunctuation(child));
  return {
    ...(type ? { type: builder.reader.slice(type).replace(/^:\s*/, '') } : {}),
    ...(value ? { value } : {}),
  };
}

/** Names in a pattern are bound, so that they hide others; those of a required module are imported. */
function bindPattern(pattern: SyntaxNode, module: string | undefined, builder: ProgramBuilder): void {
  for (const part of childrenOf(pattern)) {
    const local = part.name === 'VariableDefinition' ? part : part.getChild('VariableDefinition');
    const nested = part.getChild('ObjectPattern') ?? part.getChild('ArrayPattern');
    if (nested) bindPattern(nested, undefined, builder);
    if (!local) continue;
    const key = part.getChild('PropertyName') ?? local;
    const fallback = part.getChild('Equals') ? part.lastChild : null;
    builder.bind(builder.reader.slice(local), {
      ...(module === undefined ? {} : { imported: { module, name: builder.reader.slice(key) } }),
      ...(fallback ? { isDefault: true, value: builder.reader.read(fallback) } : {}),
    });
  }
}

function assignment(node: SyntaxNode, builder: ProgramBuilder): void {
  const { firstChild: target, lastChild: value } = node;
  if (!target || !value || target === value) return;
  const operator = node.getChild('Equals') ?? node.getChild('UpdateOp');
  const [to, what] = [builder.reader.read(target), builder.reader.read(value)];
  if (operator) {
    builder.assignments.push({
      from: node.from,
      to: node.to,
      target: to,
      value: what,
      operator: builder.reader.slice(operator),
    });
  }
  builder.assign(to, what, 'declared');
}

function property(node: SyntaxNode, builder: ProgramBuilder): void {
  const children = childrenOf(node);
  const at = children.findIndex(({ name }) => /PropertyDefinition$/.test(name));
  const name = children[at];
  if (name === undefined) return;
  const { type, value } = annotations(children.slice(at + 1), builder);
  if (type === undefined && value === undefined) return;
  const path = `this.${builder.reader.slice(name)}`;
  const binding = { ...(value ? { value: builder.reader.read(value) } : {}), ...(type === undefined ? {} : { type }) };
  builder.root.bindings.set(path, [...(builder.root.bindings.get(path) ?? []), binding]);
}

/** `private readonly client: OpenAI` declares a property as well. */
function parameters(node: SyntaxNode, builder: ProgramBuilder): void {
  const children = childrenOf(node);
  for (const [index, child] of children.entries()) {
    if (/Pattern$/.test(child.name)) bindPattern(child, undefined, builder);
    if (child.name !== 'VariableDefinition') continue;
    const name = builder.reader.slice(child);
    const { type, value } = annotations(children.slice(index + 1), builder);
    const binding = {
      isDefault: true,
      ...(value ? { value: builder.reader.read(value) } : {}),
      ...(type === undefined ? {} : { type }),
    };
    builder.bind(name, binding);
    const before = children[index - 1]?.name;
    if (before === 'Privacy' || before === 'readonly') builder.root.bindings.set(`this.${name}`, [binding]);
  }
}

function loop(spec: SyntaxNode, builder: ProgramBuilder): void {
  const children = childrenOf(spec);
  const of = children.findIndex(({ name }) => name === 'of');
  const [declared, iterable] = [children[of - 1], children[of + 1]];
  const statement = spec.parent;
  const body = statement?.lastChild;
  if (!declared || !iterable || !statement || !body) return;
  const isName = declared.name === 'VariableDefinition';
  if (isName) builder.bind(builder.reader.slice(declared), {});
  else if (/Pattern$/.test(declared.name)) bindPattern(declared, undefined, builder);
  builder.loops.push({
    from: statement.from,
    to: statement.to,
    variable: isName ? pathOf({ kind: 'name', name: builder.reader.slice(declared), from: 0, to: 0 }) : undefined,
    iterable: builder.reader.read(iterable),
    body: { from: body.from, to: body.to },
    isStatement: true,
  });
}
