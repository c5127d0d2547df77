import { type Linked, LinkedList } from './linked-list.ts';

/**
 * Timers that go off up to two steps late, for the limits that every request sets and hardly any reaches: setting and
 * taking back one costs a tenth of setTimeout, unref and clearTimeout, of which a request needs several.
 */
export class CoarseTimers {
  readonly #stepMs: number;
  /** By length, in steps. What waits equally long goes off in the order in which it came. */
  readonly #waiting = new Map<number, LinkedList<Entry>>();
  #ticking: NodeJS.Timeout | undefined;

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  /** Calls `action` after `ms` or up to two steps later; the returned function takes that back. */
  after(ms: number, action: () => void): () => void {
    const steps = Math.ceil(ms / this.#stepMs);
    let list = this.#waiting.get(steps);
    if (list === undefined) {
      list = new LinkedList();
      this.#waiting.set(steps, list);
    }
    const entry = new Entry(performance.now() + ms, action, list);
    list.push(entry);
    if (this.#ticking === undefined) this.#start();
    return () => entry.leave();
  }

  #start(): void {
    this.#ticking = setInterval(() => this.#tick(), this.#stepMs);
    this.#ticking.unref();
  }

  #tick(): void {
    const now = performance.now();
    for (const [steps, list] of this.#waiting) {
      // Lengths of one list differ by less than a step, so the first may hide a due one for no longer than that.
      for (let first = list.first; first && first.due <= now; first = list.first) first.leave()?.();
      if (list.first === undefined) this.#waiting.delete(steps);
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }
}

class Entry implements Linked<Entry> {
  previous: Entry | undefined;
  next: Entry | undefined;
  readonly due: number;
  #action: (() => void) | undefined;
  #list: LinkedList<Entry> | undefined;

  constructor(due: number, action: () => void, list: LinkedList<Entry>) {
    this.due = due;
    this.#action = action;
    this.#list = list;
  }

  /** What was to be done, the first time. Nothing of it is held on to. */
  leave(): (() => void) | undefined {
    const action = this.#action;
    this.#list?.remove(this);
    this.#list = undefined;
    this.#action = undefined;
    return action;
  }
}
