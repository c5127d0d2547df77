/** The span is cut into this many slots; memory and the walk in `fallsTo` are bounded by it. */
const SLOTS = 240;

/**
 * One slot for the part of the span that has begun, and one as slack: a surface counts a request when it arrives, a
 * network's delay later than we do, so a place that is free here must be free there as well.
 */
const KEPT = SLOTS + 2;

/**
 * A sum over the last span of time. What was added counts for at least the span and at most two slots longer, so a
 * limit that is kept here is kept in every span of that length.
 */
export class SlidingWindow {
  readonly #slotMs: number;
  readonly #amounts = new Float64Array(KEPT);
  /** Number of the newest slot; the amounts hold it and the KEPT - 1 before it, and #total is their sum. */
  #newest = 0;
  #total = 0;

  constructor(spanMs: number) {
    this.#slotMs = spanMs / SLOTS;
  }

  add(now: number, amount: number): void {
    this.#advance(now);
    const index = this.#newest % KEPT;
    this.#amounts[index] = (this.#amounts[index] ?? 0) + amount;
    this.#total += amount;
  }

  total(now: number): number {
    this.#advance(now);
    return this.#total;
  }

  /** Milliseconds until the sum is at most `most`, if nothing is added. */
  fallsTo(most: number, now: number): number {
    this.#advance(now);
    let rest = this.#total;
    if (rest <= most) return 0;
    for (let slot = this.#newest - KEPT + 1; slot <= this.#newest; slot++) {
      rest -= this.#amounts[(slot + KEPT) % KEPT] ?? 0;
      if (rest <= most) return (slot + KEPT) * this.#slotMs - now;
    }
    return Number.POSITIVE_INFINITY;
  }

  #advance(now: number): void {
    const slot = Math.floor(now / this.#slotMs);
    if (slot <= this.#newest) return;
    if (slot - this.#newest >= KEPT) {
      this.#amounts.fill(0);
      this.#total = 0;
    } else {
      for (let passed = this.#newest + 1; passed <= slot; passed++) {
        this.#total -= this.#amounts[passed % KEPT] ?? 0;
        this.#amounts[passed % KEPT] = 0;
      }
    }
    this.#newest = slot;
  }
}
