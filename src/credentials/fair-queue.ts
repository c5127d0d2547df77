import { type Linked, LinkedList } from '../linked-list.ts';

/** Whoever waits, on behalf of an owner. */
export interface Queued<T> extends Linked<T> {
  readonly owner: string;
}

class Owner<T extends Queued<T>> implements Linked<Owner<T>> {
  readonly name: string;
  readonly items = new LinkedList<T>();
  previous: Owner<T> | undefined;
  next: Owner<T> | undefined;

  constructor(name: string) {
    this.name = name;
  }
}

/** First in, first out within an owner; the owners in turn. All operations take constant time. */
export class FairQueue<T extends Queued<T>> {
  /** Those who have something here, in the order of their turns. Both always hold the same owners. */
  readonly #turns = new LinkedList<Owner<T>>();
  readonly #owners = new Map<string, Owner<T>>();

  get isEmpty(): boolean {
    return this.#owners.size === 0;
  }

  get first(): T | undefined {
    return this.#turns.first?.items.first;
  }

  push(item: T): void {
    let owner = this.#owners.get(item.owner);
    if (!owner) {
      owner = new Owner(item.owner);
      this.#owners.set(item.owner, owner);
      this.#turns.push(owner);
    }
    owner.items.push(item);
  }

  /** It was served: its owner goes behind the others. */
  take(item: T): void {
    const owner = this.#remove(item);
    if (!owner?.items.first) return;
    this.#turns.remove(owner);
    this.#turns.push(owner);
  }

  /** It left without being served: its owner keeps the turn. */
  remove(item: T): void {
    this.#remove(item);
  }

  #remove(item: T): Owner<T> | undefined {
    const owner = this.#owners.get(item.owner);
    if (!owner) return undefined;
    owner.items.remove(item);
    if (!owner.items.first) {
      this.#owners.delete(owner.name);
      this.#turns.remove(owner);
    }
    return owner;
  }
}
