import type { Expression } from '../syntax/expression.ts';
import { type Program, resolve } from '../syntax/program.ts';

const DEPTH = 40;

/** The JSON value that an expression writes down; undefined if a part of it is not in this file. */
export function jsonLiteral(program: Program, expression: Expression, depth = DEPTH): unknown {
  const value = resolve(program, expression);
  if (depth === 0) return undefined;
  if (value.kind === 'text' || value.kind === 'number' || value.kind === 'word') return value.value;
  if (value.kind === 'list') {
    const items = value.items.map((item) => jsonLiteral(program, item, depth - 1));
    return items.includes(undefined) ? undefined : items;
  }
  if (value.kind !== 'record' || value.spreads.length > 0) return undefined;
  const entries = value.entries.map((entry) => [entry.name, jsonLiteral(program, entry.value, depth - 1)] as const);
  return entries.some(([, member]) => member === undefined) ? undefined : Object.fromEntries(entries);
}
