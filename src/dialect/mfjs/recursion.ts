import { isObject, type JsonObject, member } from './json-value.ts';

/** What a reference of the dialect stands for. */
export function definitionOf(root: JsonObject, reference: string): JsonObject | undefined {
  if (reference === '#') return root;
  const definitions = member(root, '$defs');
  const name = reference.startsWith('#/$defs/') ? reference.slice('#/$defs/'.length) : '';
  const target = isObject(definitions) && name !== '' ? member(definitions, name) : undefined;
  return isObject(target) ? target : undefined;
}

/** Levels of properties, references followed once each, as the published validator counts them. */
export function depthOf(root: JsonObject): number {
  const known = new Map<string, number>();
  const measureTarget = (reference: string): number => {
    const depth = known.get(reference);
    if (depth !== undefined) return depth;
    known.set(reference, 0);
    const measured = measure(definitionOf(root, reference));
    known.set(reference, measured);
    return measured;
  };
  const measure = (schema: unknown): number => {
    if (!isObject(schema)) return 0;
    const { properties, items, additionalProperties, anyOf, $ref, $defs } = schema;
    let depth = typeof $ref === 'string' ? measureTarget($ref) : 0;
    if (isObject(properties)) {
      for (const child of Object.values(properties)) depth = Math.max(depth, 1 + measure(child));
    }
    const branches = Array.isArray(anyOf) ? anyOf : [];
    const definitions = isObject($defs) ? Object.values($defs) : [];
    for (const child of [items, additionalProperties, ...branches, ...definitions]) {
      depth = Math.max(depth, measure(child));
    }
    return depth;
  };
  return measure(root);
}

/**
 * Whether the published validator finds an end to the recursion (MoonshotAI/walle, validator.go, CheckRefTermination):
 * the items of a list must end, and one of the required members, or one branch.
 */
export function canEnd(root: JsonObject): boolean {
  const definitions = member(root, '$defs');
  const open = new Map(isObject(definitions) ? Object.entries(definitions) : []);
  const ending = new Set<string>();
  const ends = (schema: unknown): boolean => {
    if (!isObject(schema)) return true;
    const { $ref, anyOf, type, items, properties, required } = schema;
    if (typeof $ref === 'string') return ending.has($ref);
    if (Array.isArray(anyOf)) return anyOf.some(ends);
    if (type === 'array') return ends(items);
    if (type !== 'object' || !isObject(properties) || !Array.isArray(required) || required.length === 0) return true;
    return required.some((name) => ends(properties[String(name)]));
  };
  for (let before = -1; before < ending.size; ) {
    before = ending.size;
    for (const [name, schema] of open) {
      if (ends(schema)) ending.add(`#/$defs/${name}`);
    }
    if (ends(root)) ending.add('#');
  }
  return ending.has('#');
}
