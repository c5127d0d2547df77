import { isEmptyRange, unite } from './combine.ts';
import { isObject, type JsonObject, member } from './json-value.ts';
import { type Alternative, ANYTHING, allowsAnything, type Shape } from './shape.ts';

/** What the keywords of one type need of their reader. */
export interface SubschemaReader {
  read(schema: unknown): Shape;
  /** Says that a demand was lost or became mere words. */
  weaken(): void;
}

export function readString(schema: JsonObject): Partial<Alternative> {
  return range(sizeOf(schema, 'minLength'), sizeOf(schema, 'maxLength'));
}

/** Draft 4 says `exclusiveMinimum: true` beside `minimum`, later drafts give the number itself. */
export function readNumber(
  type: 'number' | 'integer',
  schema: JsonObject,
  reader: SubschemaReader,
): Partial<Alternative> {
  const notes: string[] = [];
  const bound = (side: 'minimum' | 'maximum', exclusive: unknown): number | undefined => {
    const inclusive = numberOf(schema, side);
    const up = side === 'minimum' ? 1 : -1;
    const excluded = exclusive === true ? inclusive : typeof exclusive === 'number' ? exclusive : undefined;
    if (excluded === undefined) return whole(inclusive, type, up);
    const farther = inclusive !== undefined && (inclusive - excluded) * up > 0;
    if (farther) return whole(inclusive, type, up);
    if (type === 'integer') return (up > 0 ? Math.floor(excluded) : Math.ceil(excluded)) + up;
    notes.push(`Must be ${up > 0 ? 'greater' : 'less'} than ${excluded}.`);
    reader.weaken();
    return excluded;
  };
  const lower = bound('minimum', member(schema, 'exclusiveMinimum'));
  const upper = bound('maximum', member(schema, 'exclusiveMaximum'));
  return { ...range(lower, upper), ...(notes.length > 0 ? { notes } : {}) };
}

function whole(value: number | undefined, type: 'number' | 'integer', up: number): number | undefined {
  if (value === undefined || type === 'number') return value;
  return up > 0 ? Math.ceil(value) : Math.floor(value);
}

export function readArray(schema: JsonObject, reader: SubschemaReader): Partial<Alternative> {
  const items = member(schema, 'items');
  const prefix = Array.isArray(member(schema, 'prefixItems')) ? member(schema, 'prefixItems') : items;
  const lower = sizeOf(schema, 'minItems');
  const upper = sizeOf(schema, 'maxItems');
  if (Array.isArray(prefix)) {
    const rest = prefix === items ? member(schema, 'additionalItems') : items;
    return readTuple(prefix, rest, { lower, upper }, reader);
  }
  if (items === false) return { ...range(lower, 0) };
  const shape = items === undefined ? ANYTHING : reader.read(items);
  return { ...range(lower, upper), ...(isEmpty(shape) ? {} : { items: shape }) };
}

/** One schema for all items is left of a tuple; which belongs where is told in words (Q44 of the vendor's quirks). */
function readTuple(
  prefix: readonly unknown[],
  rest: unknown,
  size: { readonly lower: number | undefined; readonly upper: number | undefined },
  reader: SubschemaReader,
): Partial<Alternative> {
  const shapes = prefix.map((schema) => reader.read(schema));
  const isClosed = rest === false || (size.upper !== undefined && size.upper <= prefix.length);
  const upper = isClosed ? Math.min(size.upper ?? prefix.length, prefix.length) : size.upper;
  const all = isClosed ? shapes : [...shapes, rest === undefined ? ANYTHING : reader.read(rest)];
  if (new Set(prefix.map((schema) => JSON.stringify(schema))).size > 1 || !isClosed) reader.weaken();
  const places = shapes.map((shape, index) => `${index + 1}. ${typeWords(shape)}`).join(', ');
  const united = all.some(allowsAnything) ? ANYTHING : unite(all);
  return {
    ...range(size.lower, upper),
    ...(isEmpty(united) || prefix.length === 0 ? {} : { items: united }),
    ...(prefix.length === 0 ? {} : { notes: [`Items in this order: ${places}.`] }),
  };
}

function typeWords(shape: Shape): string {
  if (allowsAnything(shape)) return shape.title ?? 'anything';
  const types = [
    ...new Set(shape.alternatives.map(({ type, values }) => values?.join('|') ?? (type === 'ref' ? 'object' : type))),
  ];
  const what = types.join(' or ') || 'nothing';
  return shape.title === undefined ? what : `${shape.title} (${what})`;
}

export function readObject(schema: JsonObject, reader: SubschemaReader): Partial<Alternative> {
  const declared = member(schema, 'properties');
  const names = member(schema, 'required');
  const properties = new Map<string, Shape>();
  if (isObject(declared))
    for (const [name, value] of Object.entries(declared)) properties.set(name, reader.read(value));
  const required = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  const additional = readAdditional(schema, reader);
  return {
    ...(properties.size > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required: [...new Set(required)] } : {}),
    ...(additional === undefined ? {} : { additional }),
  };
}

/** Members whose names match a pattern are undeclared members here. */
function readAdditional(schema: JsonObject, reader: SubschemaReader): Shape | false | undefined {
  const additional = member(schema, 'additionalProperties');
  const patterns = member(schema, 'patternProperties');
  const matched = isObject(patterns) ? Object.values(patterns).map((pattern) => reader.read(pattern)) : [];
  if (additional === undefined || additional === true) return undefined;
  if (additional === false && matched.length === 0) return false;
  const shape = unite([...matched, ...(additional === false ? [] : [reader.read(additional)])]);
  return isEmpty(shape) ? undefined : shape;
}

/** Says nothing at all. */
function isEmpty(shape: Shape): boolean {
  return allowsAnything(shape) && shape.description === undefined && shape.notes.length === 0;
}

function range(lower: number | undefined, upper: number | undefined): Partial<Alternative> {
  return isEmptyRange(lower, upper) ? {} : { lower, upper };
}

function numberOf(schema: JsonObject, keyword: string): number | undefined {
  const value = member(schema, keyword);
  return typeof value === 'number' ? value : undefined;
}

function sizeOf(schema: JsonObject, keyword: string): number | undefined {
  const value = numberOf(schema, keyword);
  return value !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined;
}
