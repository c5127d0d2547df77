import { isObject, type JsonObject } from '../json.ts';
import { type MfjsPath, type MfjsProblem, problem } from './mfjs-problem.ts';

/** What a `$ref` points to, or undefined where it points nowhere. */
export function resolveReference(root: JsonObject, ref: string): JsonObject | undefined {
  if (ref === '#') return root;
  let current: unknown = root;
  for (const part of ref.slice(2).split('/')) {
    if (!isObject(current) || !Object.hasOwn(current, part)) return undefined;
    current = current[part];
  }
  return isObject(current) ? current : undefined;
}

export function checkReference(root: JsonObject, schema: JsonObject, path: MfjsPath): MfjsProblem | undefined {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return undefined;
  if (ref !== '#' && !('$defs' in root)) return problem([...path, '$ref'], `$defs not found for reference: ${ref}`);
  const target = resolveReference(root, ref);
  if (target === undefined) return problem([], `invalid $ref path: ${ref}`);
  if (target === schema) return problem(path, 'detected infinite recursion without termination condition');
  const both = Object.keys(schema).filter((key) => key !== '$ref' && key in target);
  if (both.length === 0 || path.length === 0) return undefined;
  return problem(path, `conflicting keywords found after $ref expansion: ${both.sort().join(', ')}`);
}

/**
 * Can a finite value satisfy this schema? An array's items must end; of a union's branches
 * and of an object's required members one that ends is enough for the published validator.
 */
export function canEnd(root: JsonObject, schema: JsonObject, open: ReadonlySet<string> = new Set()): boolean {
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const target = resolveReference(root, ref);
    return target === undefined || (!open.has(ref) && canEnd(root, target, new Set([...open, ref])));
  }
  const union = schema['anyOf'];
  if (Array.isArray(union)) return union.some((branch) => !isObject(branch) || canEnd(root, branch, open));
  const types = [schema['type']].flat();
  if (types.some((type) => type !== 'object' && type !== 'array')) return true;
  const { items, properties, required } = schema;
  if (types.includes('array')) return !isObject(items) || canEnd(root, items, open);
  if (!isObject(properties) || !Array.isArray(required) || required.length === 0) return true;
  return required.some((name) => {
    const member = properties[String(name)];
    return !isObject(member) || canEnd(root, member, open);
  });
}

/** Levels of nested properties, references followed once. */
export class DepthMeter {
  readonly #root: JsonObject;
  readonly #known = new Map<string, number>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  measure(schema: unknown): number {
    if (!isObject(schema)) return 0;
    const { properties, items, additionalProperties, anyOf, $ref } = schema;
    let depth = typeof $ref === 'string' ? this.#ofReference($ref) : 0;
    if (isObject(properties)) {
      for (const member of Object.values(properties)) depth = Math.max(depth, 1 + this.measure(member));
    }
    for (const child of [items, additionalProperties, ...(Array.isArray(anyOf) ? anyOf : [])]) {
      depth = Math.max(depth, this.measure(child));
    }
    return depth;
  }

  #ofReference(ref: string): number {
    const known = this.#known.get(ref);
    if (known !== undefined) return known;
    this.#known.set(ref, 0);
    const depth = this.measure(resolveReference(this.#root, ref));
    this.#known.set(ref, depth);
    return depth;
  }
}
