import { isObject, type JsonObject, member } from '../mfjs/json-value.ts';
import type { ArgumentProblem, Checker } from './argument-problem.ts';
import { arrayProblems } from './array-problems.ts';
import { objectProblems } from './object-problems.ts';
import { scalarProblems, typeProblem } from './scalar-problems.ts';

const MAX_DEPTH = 100;
/** Checks of a subschema; what a hostile schema asks beyond is taken for valid. */
const MAX_CHECKS = 20_000;
const MAX_PROBLEMS = 20;

/**
 * What is wrong with the arguments of a tool call by the schema that the client declared, as JSON Schema 2020-12 reads it
 * (with the older forms of tuples, definitions and exclusive bounds). `format` is not checked. Never throws.
 */
export function validateArguments(value: unknown, schema: unknown): readonly ArgumentProblem[] {
  return new ArgumentCheck(schema).check(value, schema, '').slice(0, MAX_PROBLEMS);
}

class ArgumentCheck implements Checker {
  readonly #root: unknown;
  #depth = 0;
  #checks = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  check(value: unknown, schema: unknown, path: string): readonly ArgumentProblem[] {
    if (schema === false) return [{ path, message: 'is not allowed' }];
    if (!isObject(schema) || this.#depth >= MAX_DEPTH || this.#checks >= MAX_CHECKS) return [];
    this.#depth++;
    this.#checks++;
    try {
      const mistyped = typeProblem(value, schema, path);
      if (mistyped) return [mistyped];
      return [
        ...scalarProblems(value, schema, path),
        ...arrayProblems(value, schema, path, this),
        ...objectProblems(value, schema, path, this),
        ...this.#referenceProblems(value, schema, path),
        ...this.#compositionProblems(value, schema, path),
      ];
    } finally {
      this.#depth--;
    }
  }

  #referenceProblems(value: unknown, schema: JsonObject, path: string): readonly ArgumentProblem[] {
    const reference = member(schema, '$ref');
    if (typeof reference !== 'string' || !reference.startsWith('#')) return [];
    let target: unknown = this.#root;
    for (const part of reference.split('/').slice(1)) {
      const key = unescaped(part);
      target = typeof target === 'object' && target !== null ? member(target as JsonObject, key) : undefined;
    }
    return target === undefined ? [] : this.check(value, target, path);
  }

  #compositionProblems(value: unknown, schema: JsonObject, path: string): readonly ArgumentProblem[] {
    const problems: ArgumentProblem[] = [];
    const holds = (part: unknown) => this.check(value, part, path).length === 0;
    for (const part of listOf(schema, 'allOf')) problems.push(...this.check(value, part, path));
    const anyOf = listOf(schema, 'anyOf');
    if (anyOf.length > 0 && !anyOf.some(holds)) problems.push({ path, message: 'matches none of the alternatives' });
    const oneOf = listOf(schema, 'oneOf');
    const count = oneOf.filter(holds).length;
    if (oneOf.length > 0 && count !== 1) {
      problems.push({ path, message: `matches ${count} of the alternatives instead of one` });
    }
    const not = member(schema, 'not');
    if (not !== undefined && holds(not)) problems.push({ path, message: 'is what it must not be' });
    const condition = member(schema, 'if');
    if (condition !== undefined) {
      const consequence = member(schema, holds(condition) ? 'then' : 'else');
      if (consequence !== undefined) problems.push(...this.check(value, consequence, path));
    }
    return problems;
  }
}

function listOf(schema: JsonObject, keyword: string): readonly unknown[] {
  const list = member(schema, keyword);
  return Array.isArray(list) ? list : [];
}

function unescaped(part: string): string {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // A stray percent sign stands for itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
