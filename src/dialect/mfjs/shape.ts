/**
 * What a schema allows, between reading and writing: a union of alternatives, each of one type. `type` beside `anyOf`,
 * `allOf`, `$ref` with siblings, `const`, `nullable` and so on all become intersections and unions of these, so that the
 * writer cannot produce a combination that Kimi's dialect refuses.
 */
export type TypeName = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';

export interface Annotations {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** The default value. */
  readonly fallback?: unknown;
  /** Sentences about what the dialect cannot express. */
  readonly notes: readonly string[];
}

export interface Alternative extends Annotations {
  readonly type: TypeName | 'ref';
  readonly values?: readonly (string | number)[] | undefined;
  /** Of the length, the number of items, or the number itself. */
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  readonly items?: Shape | undefined;
  readonly properties?: ReadonlyMap<string, Shape> | undefined;
  readonly required?: readonly string[] | undefined;
  /** What undeclared members must be; `false` where there may be none. */
  readonly additional?: Shape | false | undefined;
  /** The pointer of a definition, for the type `ref`. */
  readonly pointer?: string | undefined;
}

/** No alternative at all: nothing is valid. */
export interface Shape extends Annotations {
  readonly alternatives: readonly Alternative[];
}

/** Every JSON value; `number` includes the integers. */
export const ALL_TYPES: readonly TypeName[] = ['string', 'number', 'boolean', 'object', 'array', 'null'];

export const NO_NOTES: readonly string[] = [];

export function plain(type: TypeName): Alternative {
  return { type, notes: NO_NOTES };
}

export const ANYTHING: Shape = { alternatives: ALL_TYPES.map(plain), notes: NO_NOTES };
export const NOTHING: Shape = { alternatives: [], notes: NO_NOTES };

export function isAnnotated(value: Annotations): boolean {
  return (
    value.title !== undefined ||
    value.description !== undefined ||
    value.fallback !== undefined ||
    value.notes.length > 0
  );
}

/** The type alone, no keyword and no annotation. */
export function isPlain(alternative: Alternative): boolean {
  return alternative.type !== 'ref' && !isAnnotated(alternative) && !isConstrained(alternative);
}

function isConstrained(alternative: Alternative): boolean {
  const { values, lower, upper, items, properties, required, additional } = alternative;
  return [values, lower, upper, items, properties, required, additional].some((keyword) => keyword !== undefined);
}

/** Whether every value is valid; annotations do not count. */
export function allowsAnything({ alternatives }: Shape): boolean {
  return ALL_TYPES.every((type) =>
    alternatives.some(
      (alternative) => alternative.type === type && !isConstrained(alternative) && alternative.notes.length === 0,
    ),
  );
}

/** The annotations of `outer` win, the notes of both stay. */
export function annotate<T extends Annotations>(inner: T, outer: Annotations): T {
  if (!isAnnotated(outer)) return inner;
  return {
    ...inner,
    title: outer.title ?? inner.title,
    description: outer.description ?? inner.description,
    fallback: outer.fallback ?? inner.fallback,
    notes: [...new Set([...inner.notes, ...outer.notes])],
  };
}
