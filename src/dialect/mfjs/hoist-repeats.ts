import { isObject, type JsonObject, member } from './json-value.ts';
import { mapSchemas } from './map-schemas.ts';

/** Shorter ones cost as much as the reference that would replace them. */
const MIN_LENGTH = 80;
const MAX_ROUNDS = 30;

/** Writes subschemas that occur several times once under `$defs`, the costliest first, until `maxBytes` are kept. */
export function hoistRepeats(schema: JsonObject, maxBytes: number): JsonObject {
  let current = schema;
  for (let round = 1; round <= MAX_ROUNDS && Buffer.byteLength(JSON.stringify(current)) > maxBytes; round++) {
    const repeat = costliestRepeat(current);
    if (repeat === undefined) return current;
    current = hoist(current, repeat, round);
  }
  return current;
}

function costliestRepeat(schema: JsonObject): string | undefined {
  const counts = new Map<string, number>();
  mapSchemas(schema, (one) => {
    if (one['$defs'] !== undefined || one['$ref'] !== undefined) return one;
    const text = JSON.stringify(one);
    if (text.length >= MIN_LENGTH && !hasSlash(one)) counts.set(text, (counts.get(text) ?? 0) + 1);
    return one;
  });
  let best: string | undefined;
  let most = 0;
  for (const [text, count] of counts) {
    const saved = (count - 1) * (text.length - 30) - 30;
    if (count > 1 && saved > most) {
      best = text;
      most = saved;
    }
  }
  return best;
}

function hoist(schema: JsonObject, text: string, round: number): JsonObject {
  const known = member(schema, '$defs');
  const definitions = isObject(known) ? known : {};
  let name = `shared_${round}`;
  while (Object.hasOwn(definitions, name)) name = `${name}_`;
  const replaced = mapSchemas(schema, (one) =>
    one['$defs'] === undefined && JSON.stringify(one) === text ? { $ref: `#/$defs/${name}` } : one,
  );
  const others = member(replaced, '$defs');
  const kept = Object.entries(isObject(others) ? others : {}).map(([key, one]): [string, unknown] => [
    key,
    isObject(one) && one['$ref'] !== undefined ? { anyOf: [one] } : one,
  ]);
  const { $defs: _, ...rest } = replaced;
  return { ...rest, $defs: Object.fromEntries([...kept, [name, JSON.parse(text)]]) };
}

/** Kimi refuses keys with a slash anywhere below `$defs`. */
function hasSlash(schema: JsonObject): boolean {
  let found = false;
  mapSchemas(schema, (one) => {
    const names = isObject(one['properties']) ? Object.keys(one['properties']) : [];
    found ||= names.some((name) => name.includes('/'));
    return one;
  });
  return found;
}
