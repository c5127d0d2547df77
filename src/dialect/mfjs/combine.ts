import { LIMITS } from './limits.ts';
import { type Alternative, allowsAnything, annotate, isAnnotated, isPlain, NO_NOTES, type Shape } from './shape.ts';

/** More alternatives than this in one union are not worked out; the narrower side is kept as it is. */
const MAX_ALTERNATIVES = 200;

/** What a reference stands for, or undefined where it cannot be written out. */
export type Expand = (pointer: string) => Shape | undefined;

/** What both allow, or more where that cannot be said. */
export function intersect(left: Shape, right: Shape, expand: Expand): Shape {
  if (allowsAnything(right)) return annotate(left, mergedAnnotations(left, right));
  if (allowsAnything(left)) return annotate(right, mergedAnnotations(left, right));
  const [a, b] = [expanded(left, expand), expanded(right, expand)];
  const annotations = mergedAnnotations(left, right);
  if (a === undefined) return annotate(left, annotations);
  if (b === undefined) return annotate(right, annotations);
  if (a.length * b.length > MAX_ALTERNATIVES) return annotate(a.length > b.length ? right : left, annotations);
  const both = a.flatMap((one) => b.flatMap((other) => intersectAlternatives(one, other, expand) ?? []));
  return { ...annotations, alternatives: distinct(both) };
}

/** The alternatives without references; undefined if one of them cannot be written out. */
function expanded(
  shape: Shape,
  expand: Expand,
  open: ReadonlySet<string> = new Set(),
): readonly Alternative[] | undefined {
  const alternatives: Alternative[] = [];
  for (const alternative of shape.alternatives) {
    if (alternative.pointer === undefined) {
      alternatives.push(alternative);
      continue;
    }
    const target = open.has(alternative.pointer) ? undefined : expand(alternative.pointer);
    const inner = target && expanded(target, expand, new Set([...open, alternative.pointer]));
    if (target === undefined || inner === undefined) return undefined;
    alternatives.push(...inner.map((one) => annotate(inherit(one, target), alternative)));
  }
  return alternatives;
}

function mergedAnnotations(left: Shape, right: Shape) {
  const { title, description, fallback, notes } = annotate({ ...right, alternatives: [] }, left);
  return { title, description, fallback, notes };
}

/** An alternative of a union takes the union's annotations where it has none of its own. */
export function inherit(alternative: Alternative, union: Shape): Alternative {
  if (!isAnnotated(union)) return alternative;
  return annotate({ ...alternative, ...definedAnnotations(union), notes: union.notes }, alternative);
}

function definedAnnotations({ title, description, fallback }: Shape) {
  return { title, description, fallback };
}

/** What one of them allows. Unions in unions become one. */
export function unite(shapes: readonly Shape[]): Shape {
  return { alternatives: distinct(joinLists(shapes.flatMap(flattened))), notes: NO_NOTES };
}

/** `{enum: [a]}` or `{enum: [b]}` is `{enum: [a, b]}`, where nothing is said of either. */
function joinLists(alternatives: readonly Alternative[]): readonly Alternative[] {
  const joined: Alternative[] = [];
  for (const alternative of alternatives) {
    const isList = (one: Alternative) => one.type === alternative.type && one.values !== undefined && !isAnnotated(one);
    const at = alternative.values && !isAnnotated(alternative) ? joined.findIndex(isList) : -1;
    const known = joined[at];
    const isLong = (known?.values?.length ?? 0) + (alternative.values?.length ?? 0) > LIMITS.values;
    if (known === undefined || isLong) joined.push(alternative);
    else joined[at] = { ...known, values: [...new Set([...(known.values ?? []), ...(alternative.values ?? [])])] };
  }
  return joined;
}

function flattened(shape: Shape): readonly Alternative[] {
  return shape.alternatives.map((alternative) => inherit(alternative, shape));
}

/**
 * Each plain type once; a number allows the integers. What a plain type allows already stays when it says more: a list of
 * the usual words beside any word. Others that look alike are found when they are written.
 */
function distinct(alternatives: readonly Alternative[]): readonly Alternative[] {
  const plainTypes = new Set(alternatives.filter(isPlain).map(({ type }) => type));
  const seen = new Set<string>();
  return alternatives.filter((alternative) => {
    const { type } = alternative;
    if (!isPlain(alternative)) return true;
    if (seen.has(type) || (type === 'integer' && plainTypes.has('number'))) return false;
    seen.add(type);
    return true;
  });
}

function intersectAlternatives(a: Alternative, b: Alternative, expand: Expand): Alternative | undefined {
  const numeric = (a.type === 'number' && b.type === 'integer') || (a.type === 'integer' && b.type === 'number');
  if (a.type !== b.type && !numeric) return undefined;
  const type = numeric ? 'integer' : a.type;
  const lower = whole(greater(a.lower, b.lower), type, Math.ceil);
  const upper = whole(smaller(a.upper, b.upper), type, Math.floor);
  const values = commonValues({ ...a, type, lower, upper }, b);
  if (values?.length === 0) return undefined;
  const merged: Alternative = {
    type,
    notes: NO_NOTES,
    ...(values ? { values } : isEmptyRange(lower, upper) ? {} : { lower, upper }),
    items: a.items && b.items ? intersect(a.items, b.items, expand) : (a.items ?? b.items),
    ...(type === 'object' ? intersectMembers(a, b, expand) : {}),
  };
  return annotate(annotate(merged, b), a);
}

function intersectMembers(a: Alternative, b: Alternative, expand: Expand): Partial<Alternative> {
  const properties = new Map(a.properties);
  for (const [name, shape] of b.properties ?? []) {
    const known = properties.get(name);
    properties.set(name, known ? intersect(known, shape, expand) : shape);
  }
  const required = [...new Set([...(a.required ?? []), ...(b.required ?? [])])];
  const closed = a.additional === false || b.additional === false;
  const additional =
    a.additional && b.additional ? intersect(a.additional, b.additional, expand) : a.additional || b.additional;
  return {
    ...(properties.size > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(closed ? { additional: false } : additional ? { additional } : {}),
  };
}

function commonValues(a: Alternative, b: Alternative): readonly (string | number)[] | undefined {
  const values = a.values && b.values ? a.values.filter((value) => b.values?.includes(value)) : (a.values ?? b.values);
  return values?.filter((value) => isWithin(value, a) && isWithin(value, b));
}

/** Lengths count code points, as JSON Schema does. */
export function isWithin(value: string | number, { type, lower, upper }: Alternative): boolean {
  if (type === 'integer' && !Number.isInteger(value)) return false;
  const size = typeof value === 'string' ? [...value].length : value;
  return size >= (lower ?? Number.NEGATIVE_INFINITY) && size <= (upper ?? Number.POSITIVE_INFINITY);
}

/** Bounds that contradict each other are a mistake of the author, not a wish: they are dropped. */
export function isEmptyRange(lower: number | undefined, upper: number | undefined): boolean {
  return lower !== undefined && upper !== undefined && lower > upper;
}

function whole(
  bound: number | undefined,
  type: Alternative['type'],
  round: (value: number) => number,
): number | undefined {
  return bound === undefined || type !== 'integer' ? bound : round(bound);
}

function greater(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}
