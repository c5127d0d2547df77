/** The values of several streams as they come, each with the number of its stream. Ends when all have ended. */
export async function* merge<T>(streams: readonly AsyncIterable<T>[]): AsyncGenerator<readonly [number, T]> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const step = async (index: number) => ({ index, result: await iterators[index]?.next() });
  const pending = new Map(iterators.map((_, index) => [index, step(index)]));
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values());
      if (result === undefined || result.done) {
        pending.delete(index);
        continue;
      }
      yield [index, result.value];
      pending.set(index, step(index));
    }
  } finally {
    // One failed, or the reader left: the others are told to stop, and their last words are not awaited.
    for (const rest of pending.values()) rest.catch(() => {});
    for (const iterator of iterators) iterator.return?.().catch(() => {});
  }
}
