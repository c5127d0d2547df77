import { type Expand, unite } from './combine.ts';
import { shortJson } from './json-value.ts';
import { type Alternative, ANYTHING, allowsAnything, annotate, NO_NOTES, plain, type Shape } from './shape.ts';

/**
 * The arguments of a tool are one object: a union at the root becomes the object that has the members of all branches
 * (Q39 of the vendor's quirks). What the branches demand apart is told in words.
 */
export function toRootObject(shape: Shape, expand: Expand): { readonly shape: Shape; readonly weakened: boolean } {
  const objects = shape.alternatives.flatMap((alternative) => withoutReference(alternative, expand));
  const [only, ...others] = objects;
  if (only === undefined) {
    const note =
      shape.alternatives.length === 0 ? [] : [`Meant for ${shape.alternatives.map(({ type }) => type).join(' or ')}.`];
    return {
      shape: annotate(
        { alternatives: [plain('object')], notes: NO_NOTES },
        { ...shape, notes: [...shape.notes, ...note] },
      ),
      weakened: true,
    };
  }
  const weakened = others.length > 0 || shape.alternatives.length > objects.length;
  const alternative = others.length === 0 ? only : mergeObjects(objects);
  return { shape: { ...shape, alternatives: [alternative] }, weakened: weakened && !allowsAnything(shape) };
}

function withoutReference(alternative: Alternative, expand: Expand): readonly Alternative[] {
  if (alternative.type === 'object') return [alternative];
  const target = alternative.pointer === undefined ? undefined : expand(alternative.pointer);
  const inner =
    target?.alternatives.flatMap((one) => (one.pointer === undefined ? withoutReference(one, expand) : [])) ?? [];
  return inner.map((one) => annotate(annotate(one, target ?? ANYTHING), alternative));
}

function mergeObjects(objects: readonly Alternative[]): Alternative {
  const shapes = new Map<string, Shape[]>();
  for (const { properties } of objects) {
    for (const [name, shape] of properties ?? []) shapes.set(name, [...(shapes.get(name) ?? []), shape]);
  }
  const properties = new Map([...shapes].map(([name, all]) => [name, mergeShapes(all)]));
  const everywhere = (name: string) => objects.every(({ required }) => required?.includes(name));
  const required = (objects[0]?.required ?? []).filter(everywhere);
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(objects.every(({ additional }) => additional === false) ? { additional: false } : {}),
    notes: [...branchNotes(objects, required), ...new Set(objects.flatMap(({ notes }) => notes))],
  };
}

/** The same shape in two branches is one; different ones are alternatives. */
function mergeShapes(shapes: readonly Shape[]): Shape {
  const [first] = shapes;
  if (first === undefined) return ANYTHING;
  const same = shapes.every((shape) => shape === first || describe(shape) === describe(first));
  if (same) return first;
  const descriptions = new Set(shapes.map(({ description }) => description));
  return descriptions.size === 1
    ? { ...unite(shapes.map((shape) => ({ ...shape, description: undefined }))), description: first.description }
    : unite(shapes);
}

function describe(shape: Shape): string {
  return JSON.stringify(shape, (_, value) => (value instanceof Map ? [...value] : value));
}

/** Which members belong together: `Give one of these sets: query; id, version.` */
function branchNotes(objects: readonly Alternative[], common: readonly string[]): readonly string[] {
  const sets = objects.map(({ required, description }) => {
    const names = (required ?? []).filter((name) => !common.includes(name));
    const text = names.length > 0 ? names.join(', ') : 'none of them';
    return description === undefined ? text : `${text} (${description})`;
  });
  const isTold = objects.some(({ required }) => (required ?? []).length > common.length);
  const told = [...new Set(sets)].join('; ');
  const kinds = objects.flatMap(({ properties }) => discriminators(properties));
  return [
    ...(isTold && told.length <= 1500 ? [`Give one of these sets of members: ${told}.`] : []),
    ...(kinds.length > 1 && kinds.length === objects.length ? [`Kinds: ${kinds.join('; ')}.`] : []),
  ];
}

/** `action: "create" with title, body`: the member that tells a branch apart, and what else the branch has. */
function discriminators(properties: ReadonlyMap<string, Shape> | undefined): readonly string[] {
  for (const [name, { alternatives }] of properties ?? []) {
    const [only, ...others] = alternatives;
    if (others.length > 0 || only?.values?.length !== 1) continue;
    const rest = [...(properties?.keys() ?? [])].filter((other) => other !== name).join(', ');
    return [`${name} ${shortJson(only.values[0], 80)}${rest === '' ? '' : ` with ${rest}`}`];
  }
  return [];
}
