import type { Clock } from '../../clock.ts';

/** The promise, or undefined where it takes longer. For what cannot be stopped; what comes of it later is dropped. */
export async function within<T>(ms: number, clock: Clock, promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(ms, () => resolve(undefined));
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
