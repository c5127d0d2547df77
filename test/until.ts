const STEP_MS = 4;

/** Resolves as soon as `condition` gives a truthy value, and rejects with `what` when that takes too long. */
export async function until<T>(
  condition: () => T | Promise<T>,
  what: string,
  deadlineMs = 30_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

/** The value of `read` once it has not changed for `quietMs`. */
export async function settled(read: () => number, what: string, quietMs = 300): Promise<number> {
  let last = read();
  let since = performance.now();
  await until(() => {
    const now = read();
    if (now !== last) since = performance.now();
    last = now;
    return performance.now() - since >= quietMs;
  }, what);
  return last;
}
