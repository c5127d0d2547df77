import type { Alternative, Shape } from './shape.ts';

/** Whether one value may be valid under two alternatives: what `oneOf` forbids and `anyOf` allows. */
export function hasOverlap({ alternatives }: Shape): boolean {
  return alternatives.some((one, index) => alternatives.slice(index + 1).some((other) => mayOverlap(one, other)));
}

function mayOverlap(a: Alternative, b: Alternative): boolean {
  if (a.type === 'ref' || b.type === 'ref') return true;
  const isNumeric = [a.type, b.type].every((type) => type === 'number' || type === 'integer');
  if (a.type !== b.type && !isNumeric) return false;
  if (a.values && b.values) return a.values.some((value) => b.values?.includes(value));
  if (a.type !== 'object') return true;
  return !a.required?.some(
    (name) => b.required?.includes(name) && areApart(a.properties?.get(name), b.properties?.get(name)),
  );
}

/** A member that tells them apart: `kind: "file"` here and `kind: "folder"` there. */
function areApart(a: Shape | undefined, b: Shape | undefined): boolean {
  const values = [a, b].map((shape) =>
    shape?.alternatives.every((alternative) => alternative.values)
      ? shape.alternatives.flatMap(({ values }) => values ?? [])
      : undefined,
  );
  const [mine, theirs] = values;
  return mine !== undefined && theirs !== undefined && !mine.some((value) => theirs.includes(value));
}
