/** A member of at most one list at a time. */
export interface Linked<T> {
  previous: T | undefined;
  next: T | undefined;
}

/**
 * A queue from whose middle a member can leave in constant time.
 *
 * Also the place for what comes and goes with every request: a Set or Map of such things copies itself again and again,
 * and each copy that the collector has moved to the old generation keeps alive what stood in it, request and all.
 */
export class LinkedList<T extends Linked<T>> {
  #first: T | undefined;
  #last: T | undefined;

  get first(): T | undefined {
    return this.#first;
  }

  push(item: T): void {
    item.previous = this.#last;
    item.next = undefined;
    if (this.#last) this.#last.next = item;
    else this.#first = item;
    this.#last = item;
  }

  pushFirst(item: T): void {
    item.previous = undefined;
    item.next = this.#first;
    if (this.#first) this.#first.previous = item;
    else this.#last = item;
    this.#first = item;
  }

  /** The item must be in this list. */
  remove(item: T): void {
    if (item.previous) item.previous.next = item.next;
    else this.#first = item.next;
    if (item.next) item.next.previous = item.previous;
    else this.#last = item.previous;
    item.previous = undefined;
    item.next = undefined;
  }

  /** First to last; the item that is looked at may leave. */
  *[Symbol.iterator](): Generator<T, void> {
    let item = this.#first;
    while (item) {
      const { next } = item;
      yield item;
      item = next;
    }
  }
}
