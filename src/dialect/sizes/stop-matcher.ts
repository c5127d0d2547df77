/**
 * Finds the first of several texts in a text that comes in pieces, and lets everything through that cannot be part of
 * it: what is held back is always the longest end of the text that begins one of the stops.
 *
 * "First" is the one that is complete first, as a model that writes letter by letter would stop; of several that end at
 * the same place it is the longest. So the result does not depend on how the text is cut.
 */
export class StopMatcher {
  readonly #stops: readonly string[];
  #held = '';
  #hit = false;
  /** The stop that was hit. */
  #found: string | undefined;

  /** None of `stops` may be empty. */
  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  get hit(): boolean {
    return this.#hit;
  }

  get found(): string | undefined {
    return this.#found;
  }

  /** What may be sent now. Nothing comes any more after a hit. */
  push(piece: string): string {
    if (this.#hit) return '';
    const text = this.#held + piece;
    const start = this.#find(text);
    if (start !== -1) {
      this.#hit = true;
      this.#held = '';
      return text.slice(0, start);
    }
    this.#held = this.#beginning(text);
    return text.slice(0, text.length - this.#held.length);
  }

  /** What was held back, when no more text comes. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  /** Where the first complete stop begins, -1 if there is none. */
  #find(text: string): number {
    let found = { start: -1, end: Number.POSITIVE_INFINITY, stop: undefined as string | undefined };
    for (const stop of this.#stops) {
      const start = text.indexOf(stop);
      const end = start + stop.length;
      if (start !== -1 && (end < found.end || (end === found.end && start < found.start))) found = { start, end, stop };
    }
    this.#found = found.stop;
    return found.start;
  }

  /** The longest end of `text` with which a stop begins. */
  #beginning(text: string): string {
    const longest = Math.max(...this.#stops.map((stop) => stop.length)) - 1;
    for (let length = Math.min(longest, text.length); length > 0; length--) {
      const end = text.slice(-length);
      if (this.#stops.some((stop) => stop.length > length && stop.startsWith(end))) return end;
    }
    return '';
  }
}
