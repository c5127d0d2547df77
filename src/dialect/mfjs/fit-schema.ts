import { hoistRepeats } from './hoist-repeats.ts';
import { cut, isObject, type JsonObject, shortJson } from './json-value.ts';
import { LIMITS } from './limits.ts';
import { mapSchemas } from './map-schemas.ts';
import { canEnd, depthOf } from './recursion.ts';
import { ALL_TYPES } from './shape.ts';

export interface Fitted {
  readonly schema: JsonObject;
  readonly weakened: boolean;
}

type Step = (schema: JsonObject) => JsonObject;

const DESCRIPTION_LENGTHS = [1000, 400, 200, 100, 50, 0];
const ENUM_LENGTHS = [2000, 500, 100, 20];
const DEPTHS = [25, 15, 10, 6, 4, 3, 2, 1];

/**
 * Makes a schema of the dialect small and flat enough: repeats are written once, then the longest descriptions are cut,
 * then the longest lists of values become words, then the deepest levels are opened. Each step only as far as needed.
 */
export function fitSchema(schema: JsonObject, maxBytes: number): Fitted {
  const limit = Math.min(maxBytes, LIMITS.bytes);
  const fits = (candidate: JsonObject) =>
    bytesOf(candidate) <= limit && depthOf(candidate) <= LIMITS.depth && propertiesOf(candidate) <= LIMITS.properties;
  if (fits(schema)) return { schema, weakened: false };
  let current = hoistRepeats(schema, limit);
  if (fits(current)) return { schema: current, weakened: false };
  if (bytesOf(current) > limit) {
    for (const max of DESCRIPTION_LENGTHS) {
      current = mapSchemas(current, (one) => shortenDescription(one, max));
      if (fits(current)) return { schema: current, weakened: false };
    }
  }
  const steps: Step[] = [
    ...ENUM_LENGTHS.map(
      (max): Step =>
        (one) =>
          bytesOf(one) > limit ? mapSchemas(one, (part) => listInWords(part, max)) : one,
    ),
    ...DEPTHS.map(
      (max): Step =>
        (one) =>
          dropUnused(cutBelow(one, max, 0)),
    ),
  ];
  for (const step of steps) {
    current = step(current);
    if (fits(current)) break;
  }
  return { schema: current, weakened: true };
}

/** A recursion without an end is refused: what would have to be endless is asked for in words. */
export function removeImpossible(schema: JsonObject): JsonObject {
  if (canEnd(schema)) return schema;
  const { required, items, description, ...rest } = schema;
  const told = Array.isArray(required) ? `Needs ${required.join(', ')}.` : `Items: ${shortJson(items, 200)}.`;
  const words = { description: typeof description === 'string' ? `${description}\n${told}` : told };
  if (Array.isArray(required)) return { ...rest, ...words };
  return items === undefined ? { type: ALL_TYPES } : { ...rest, ...words };
}

function bytesOf(schema: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(schema));
}

function propertiesOf(schema: JsonObject): number {
  let count = 0;
  mapSchemas(schema, (one) => {
    if (isObject(one['properties'])) count += Object.keys(one['properties']).length;
    return one;
  });
  return count;
}

function shortenDescription(schema: JsonObject, max: number): JsonObject {
  const { description, title, ...rest } = schema;
  if (typeof description !== 'string' || description.length <= max) return schema;
  return max === 0 ? rest : { ...schema, description: cut(description, max) };
}

function listInWords(schema: JsonObject, max: number): JsonObject {
  const { enum: values, description, ...rest } = schema;
  if (!Array.isArray(values) || JSON.stringify(values).length <= max) return schema;
  const told = `One of ${shortJson(values, Math.min(max, 200))}`;
  return { ...rest, description: typeof description === 'string' ? `${description}\n${told}` : told };
}

/** Below `max` levels of properties an object may have any members. */
function cutBelow(schema: JsonObject, max: number, depth: number): JsonObject {
  const { properties, required, additionalProperties, $defs, ...rest } = schema;
  const inner = (value: unknown, at: number) => (isObject(value) ? cutBelow(value, max, at) : value);
  const each = (value: JsonObject, at: number) =>
    Object.fromEntries(Object.entries(value).map(([name, child]) => [name, inner(child, at)]));
  const { anyOf, items } = rest;
  const isCut = depth >= max && isObject(properties);
  return {
    ...rest,
    ...(isObject(properties) && !isCut ? { properties: each(properties, depth + 1) } : {}),
    ...(required === undefined || isCut ? {} : { required }),
    ...(additionalProperties === undefined || isCut
      ? {}
      : { additionalProperties: inner(additionalProperties, depth) }),
    ...(items === undefined ? {} : { items: inner(items, depth) }),
    ...(Array.isArray(anyOf) ? { anyOf: anyOf.map((branch) => inner(branch, depth)) } : {}),
    // A definition is used somewhere below, so that it gets what is left of the levels.
    ...(isObject($defs) ? { $defs: each($defs, Math.ceil(max / 2)) } : {}),
  };
}

function dropUnused(schema: JsonObject): JsonObject {
  const { $defs, ...rest } = schema;
  if (!isObject($defs)) return schema;
  const text = JSON.stringify(schema);
  const used = Object.entries($defs).filter(([name]) => text.includes(JSON.stringify(`#/$defs/${name}`)));
  return used.length === 0 ? rest : { ...rest, $defs: Object.fromEntries(used) };
}
