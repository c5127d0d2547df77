import type { SyntaxNode } from '@lezer/common';
import { childrenOf, type ExpressionReader } from './expression-reader.ts';
import type { ProgramBuilder } from './program-builder.ts';
import { stringValue } from './string-value.ts';

/** `import A, { B as C } from M`, `import * as D from M`. */
export function bindImports(node: SyntaxNode, builder: ProgramBuilder): void {
  const { reader } = builder;
  const from = node.getChild('String');
  const module = from ? stringValue(reader.slice(from)) : undefined;
  if (module === undefined) return;
  const star = node.getChild('Star');
  for (const local of node.getChildren('VariableDefinition')) {
    builder.bind(reader.slice(local), { imported: { module, name: star ? '*' : 'default' } });
  }
  const group = node.getChild('ImportGroup');
  for (const [index, child] of group ? childrenOf(group).entries() : []) {
    if (child.name !== 'VariableDefinition' || !group) continue;
    const [original, word] = childrenOf(group).slice(Math.max(0, index - 2), index);
    const name = word?.name === 'as' && original ? reader.slice(original) : reader.slice(child);
    builder.bind(reader.slice(child), { imported: { module, name } });
  }
}

/** The module of `require(M)` and `await import(M)`, also with one property read of it at once. */
export function requiredModule(value: SyntaxNode, reader: ExpressionReader): string | undefined {
  const [, module] = /^(?:await\s+)?(?:require|import)\s*\(\s*['"]([^'"]+)['"]\s*\)$/.exec(reader.slice(value)) ?? [];
  return module;
}
