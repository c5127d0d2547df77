import { isObject, type JsonObject } from './json-value.ts';

/** Applies `change` to each subschema, the inner ones first. */
export function mapSchemas(schema: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  const inner = (value: unknown) => (isObject(value) ? mapSchemas(value, change) : value);
  const each = (value: JsonObject) =>
    Object.fromEntries(Object.entries(value).map(([name, child]) => [name, inner(child)]));
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if ((keyword === 'properties' || keyword === '$defs') && isObject(value)) return [keyword, each(value)];
    if (keyword === 'anyOf' && Array.isArray(value)) return [keyword, value.map(inner)];
    if (keyword === 'items' || keyword === 'additionalProperties') return [keyword, inner(value)];
    return [keyword, value];
  });
  return change(Object.fromEntries(entries));
}
