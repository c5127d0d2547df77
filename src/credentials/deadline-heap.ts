/** Something with a deadline that knows its own place in the heap. */
export interface Dated {
  readonly deadline: number;
  /** -1: not in a heap. Only the heap writes it. */
  place: number;
}

/** A binary heap by deadline, from whose middle an item can leave; every change takes O(log n). */
export class DeadlineHeap<T extends Dated> {
  /** `items[n].place === n`, and no item is due before its parent at (n - 1) >> 1. */
  readonly #items: T[] = [];

  get first(): T | undefined {
    return this.#items[0];
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    this.#put(item, this.#items.length);
    this.#up(item);
  }

  remove(item: T): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#items.pop();
    if (!last || last === item) return;
    this.#put(last, place);
    this.#up(last);
    this.#down(last);
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }

  #up(item: T): void {
    while (item.place > 0) {
      const above = this.#items[(item.place - 1) >> 1];
      if (!above || above.deadline <= item.deadline) return;
      this.#swap(item, above);
    }
  }

  #down(item: T): void {
    for (;;) {
      const left = this.#items[2 * item.place + 1];
      const right = this.#items[2 * item.place + 2];
      const sooner = right && left && right.deadline < left.deadline ? right : left;
      if (!sooner || sooner.deadline >= item.deadline) return;
      this.#swap(sooner, item);
    }
  }

  #swap(item: T, other: T): void {
    const { place } = item;
    this.#put(item, other.place);
    this.#put(other, place);
  }
}
