/** Shorter values are read faster than they are found again. */
const SHORTEST = 2_048;
const NAME_BYTES = 64;
/** How many values that begin alike are told apart. */
const ALIKE = 4;

/**
 * Large values of recent requests, such as the tools of an agent, which come with every turn. A value that is byte for
 * byte the same as before is found by comparing, and is the same Buffer again, so that what was concluded from it can be
 * kept by its identity. Bounded by bytes; the longest unused go first.
 */
export class ValueMemory {
  readonly #values = new Map<string, Buffer[]>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = 32 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** The remembered value that stands at `start`; undefined if none does. */
  find(key: string, bytes: Buffer, start: number): Buffer | undefined {
    if (bytes.length - start < SHORTEST) return undefined;
    return this.#values
      .get(nameOf(key, bytes, start))
      ?.find(
        (value) => start + value.length <= bytes.length && value.compare(bytes, start, start + value.length) === 0,
      );
  }

  /** Remembers the value between `start` and `end`, if it is large enough to be worth it. */
  keep(key: string, bytes: Buffer, start: number, end: number): Buffer | undefined {
    if (end - start < SHORTEST) return undefined;
    const name = nameOf(key, bytes, start);
    // A copy, so that the rest of the body is not kept with it.
    const value = Buffer.from(bytes.subarray(start, end));
    const alike = this.#values.get(name) ?? [];
    this.#values.delete(name);
    this.#values.set(name, [value, ...alike.slice(0, ALIKE - 1)]);
    this.#bytes += value.length - (alike[ALIKE - 1]?.length ?? 0);
    for (const [oldest, values] of this.#values) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#values.delete(oldest);
      for (const { length } of values) this.#bytes -= length;
    }
    return value;
  }
}

function nameOf(key: string, bytes: Buffer, start: number): string {
  return `${key}:${bytes.toString('latin1', start, start + NAME_BYTES)}`;
}
