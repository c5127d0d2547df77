interface Entry {
  value: string;
  readonly expiresAt: number;
}

/** Keys come from clients: beyond this many the ones that were set first are dropped. */
const VALUES_KEPT = 100_000;

/** Values with an end, in the memory of one process. */
export class ExpiringValues {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): string | undefined {
    return this.#alive(key)?.value;
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt: this.#now() + ttlMs });
    if (this.#entries.size <= VALUES_KEPT) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  increment(key: string, ttlMs: number): number {
    const entry = this.#alive(key);
    if (!entry) {
      this.set(key, '1', ttlMs);
      return 1;
    }
    const sum = Number(entry.value) + 1;
    entry.value = String(sum);
    return sum;
  }

  #alive(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.expiresAt > this.#now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }
}
