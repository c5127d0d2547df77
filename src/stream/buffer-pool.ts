/** Smaller buffers cost little to make. */
const SMALLEST = 32 * 1024;
const LARGEST = 4 * 1024 * 1024;
/** Bytes that are kept for the next requests. */
const KEPT = 32 * 1024 * 1024;

/**
 * Large buffers for the bodies of requests, used again. Each new one would count as memory outside the heap, and every
 * 64 MB of that make a collection of the whole heap: for requests of 100 KB that costs as much as forwarding them.
 */
export class BufferPool {
  /** By capacity, which is a power of two. */
  readonly #free = new Map<number, Buffer[]>();
  #kept = 0;

  /** A buffer of this size; its content is whatever was there before. */
  acquire(size: number): Buffer {
    if (size < SMALLEST || size > LARGEST) return Buffer.allocUnsafe(size);
    const capacity = 2 ** Math.ceil(Math.log2(size));
    const free = this.#free.get(capacity)?.pop();
    if (free) this.#kept -= capacity;
    return (free ?? Buffer.allocUnsafeSlow(capacity)).subarray(0, size);
  }

  /** Gives a buffer back. The caller promises that nobody reads it, or any part of it, from now on. */
  release(buffer: Buffer): void {
    const capacity = buffer.buffer.byteLength;
    const isOurs = buffer.byteOffset === 0 && capacity >= SMALLEST && Number.isInteger(Math.log2(capacity));
    if (!isOurs || this.#kept + capacity > KEPT) return;
    const free = this.#free.get(capacity) ?? [];
    this.#free.set(capacity, free);
    free.push(Buffer.from(buffer.buffer));
    this.#kept += capacity;
  }
}
