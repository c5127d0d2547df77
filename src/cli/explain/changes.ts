/** A value that differs, by its place: `messages[2].role`. `undefined` where there was or is none. */
export interface ValueChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The smallest places in which two JSON values differ, so that one changed message does not show a whole history. */
export function valueChanges(path: string, before: unknown, after: unknown): readonly ValueChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  // Elements of lists of another length do not stand for each other.
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((value, index) => valueChanges(`${path}[${index}]`, value, after[index]));
  }
  if (isRecord(before) && isRecord(after)) {
    const members = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...members].flatMap((member) => valueChanges(`${path}.${member}`, before[member], after[member]));
  }
  return [{ path, before, after }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
