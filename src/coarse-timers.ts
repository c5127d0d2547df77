/**
 * Timers that go off up to one step late, for the limits that every request sets and hardly any reaches: setting and
 * taking back one costs a tenth of setTimeout, unref and clearTimeout, of which a request needs several.
 */
export class CoarseTimers {
  readonly #stepMs: number;
  /** By the step in which they go off. */
  readonly #due = new Map<number, Set<() => void>>();
  #ticking: NodeJS.Timeout | undefined;
  /** The last step that has gone off. */
  #done = 0;

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  /** Calls `action` after `ms` or up to one step later; the returned function takes that back. */
  after(ms: number, action: () => void): () => void {
    const now = performance.now();
    if (this.#ticking === undefined) this.#start(now);
    const step = Math.ceil((now + ms) / this.#stepMs);
    let actions = this.#due.get(step);
    if (actions === undefined) {
      actions = new Set();
      this.#due.set(step, actions);
    }
    // The same function may wait twice.
    const entry = () => action();
    actions.add(entry);
    const set = actions;
    return () => set.delete(entry);
  }

  #start(now: number): void {
    this.#done = Math.floor(now / this.#stepMs);
    this.#ticking = setInterval(() => this.#tick(), this.#stepMs);
    this.#ticking.unref();
  }

  #tick(): void {
    const now = Math.floor(performance.now() / this.#stepMs);
    for (let step = this.#done + 1; step <= now; step++) {
      const actions = this.#due.get(step);
      this.#due.delete(step);
      if (actions) for (const action of actions) action();
    }
    this.#done = now;
    if (this.#due.size > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }
}
