import { isObject, type JsonObject } from '../json.ts';
import { canEnd, resolveReference } from '../mfjs/references.ts';

const OPTIONAL_DEPTH = 2;
const MAX_DEPTH = 40;

/** A value that is valid against a schema of the vendor's dialect; the same schema gives the same value. */
export function instanceOf(schema: JsonObject, root: JsonObject = schema, depth = 0): unknown {
  if (depth > MAX_DEPTH) return null;
  const { $ref, anyOf, enum: values, type } = schema;
  if (typeof $ref === 'string') return instanceOf(resolveReference(root, $ref) ?? {}, root, depth + 1);
  if (Array.isArray(anyOf)) {
    const branches = anyOf.filter(isObject);
    return instanceOf(branches.find((branch) => canEnd(root, branch)) ?? branches[0] ?? {}, root, depth + 1);
  }
  if (Array.isArray(values)) return values[0];
  return ofType([type].flat()[0], { schema, root, depth });
}

interface Place {
  readonly schema: JsonObject;
  readonly root: JsonObject;
  readonly depth: number;
}

function ofType(type: unknown, place: Place): unknown {
  switch (type) {
    case 'object':
      return objectOf(place);
    case 'array':
      return arrayOf(place);
    case 'string':
      return stringOf(place.schema);
    case 'number':
    case 'integer':
      return numberOf(place.schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return {};
  }
}

function objectOf({ schema, root, depth }: Place): Record<string, unknown> {
  const members = isObject(schema['properties']) ? schema['properties'] : {};
  const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(members)) {
    if (!isObject(member)) continue;
    const isWanted = required.includes(name) || (depth < OPTIONAL_DEPTH && !('$ref' in member));
    if (isWanted) result[name] = instanceOf(member, root, depth + 1);
  }
  return result;
}

function arrayOf({ schema, root, depth }: Place): unknown[] {
  const { items, minItems, maxItems } = schema;
  const wanted = depth > OPTIONAL_DEPTH ? 0 : 1;
  const least = typeof minItems === 'number' ? minItems : 0;
  const most = typeof maxItems === 'number' ? maxItems : wanted;
  const length = Math.max(least, Math.min(wanted, most));
  return Array.from({ length }, () => (isObject(items) ? instanceOf(items, root, depth + 1) : 'sample'));
}

function stringOf({ minLength, maxLength }: JsonObject): string {
  const text = 'sample'.padEnd(typeof minLength === 'number' ? minLength : 0, '-');
  return text.slice(0, typeof maxLength === 'number' ? maxLength : text.length);
}

function numberOf({ minimum, maximum }: JsonObject): number {
  const low = typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY;
  const high = typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY;
  return Math.max(low, Math.min(1, high));
}
