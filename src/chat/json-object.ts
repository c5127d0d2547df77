/** What `JSON.parse` can return for an object: members of unknown kind. */
export type JsonObject = { readonly [member: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

/** The members of `value` but those named. */
export function rest(value: JsonObject, ...known: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([member]) => !known.includes(member)));
}

/** `{ [member]: value }`, or nothing to be spread where there is no value. */
export function given(member: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [member]: value };
}

/** The object, or nothing where it has no member. */
export function orNothing<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
