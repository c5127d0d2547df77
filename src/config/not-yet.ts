/**
 * Keys that are understood and checked, and that nothing in this version acts on. Setting one gives a warning at start,
 * and the reference page marks them, so that nobody relies on what is not there.
 */
const NOT_YET: readonly RegExp[] = [/^keys\S*\.(route|models)$/];

/** Whether the key at this path, written with dots, waits for a later version. */
export function isNotYet(path: string): boolean {
  return NOT_YET.some((pattern) => pattern.test(path));
}
