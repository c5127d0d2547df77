/** Fetched images by URL, the least recently used dropped first; bounded by bytes and age. */
export class ImageCache {
  readonly #entries = new Map<string, { readonly data: string; readonly until: number }>();
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #bytes = 0;

  constructor(maxBytes: number, maxAgeMs: number, now: () => number) {
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  get(url: string): string | undefined {
    const entry = this.#entries.get(url);
    if (!entry) return undefined;
    this.#drop(url);
    if (entry.until <= this.#now()) return undefined;
    this.#add(url, entry);
    return entry.data;
  }

  set(url: string, data: string): void {
    this.#drop(url);
    if (data.length > this.#maxBytes) return;
    this.#add(url, { data, until: this.#now() + this.#maxAgeMs });
    while (this.#bytes > this.#maxBytes) {
      const [oldest] = this.#entries.keys();
      if (oldest === undefined) return;
      this.#drop(oldest);
    }
  }

  #add(url: string, entry: { readonly data: string; readonly until: number }): void {
    this.#entries.set(url, entry);
    this.#bytes += entry.data.length;
  }

  #drop(url: string): void {
    const entry = this.#entries.get(url);
    if (!entry) return;
    this.#entries.delete(url);
    this.#bytes -= entry.data.length;
  }
}
