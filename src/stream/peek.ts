/** The beginning of a stream: all of it if it ends within `limit` bytes, else the stream as if nobody had looked. */
export type Peeked = { readonly whole: Buffer } | { readonly rest: AsyncIterable<Buffer> };

export async function peek(source: AsyncIterable<Buffer>, limit: number): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  const seen: Buffer[] = [];
  let size = 0;
  while (size <= limit) {
    const step = await iterator.next();
    if (step.done) return { whole: Buffer.concat(seen, size) };
    seen.push(step.value);
    size += step.value.length;
  }
  return { rest: resumed(seen, iterator) };
}

async function* resumed(seen: Buffer[], iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    for (let first = seen.shift(); first !== undefined; first = seen.shift()) yield first;
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
  } finally {
    await iterator.return?.();
  }
}
