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
    const known = this.#owners.get(item.owner);
    const owner = known ?? this.#newOwner(item.owner);
    if (!known) this.#turns.push(owner);
    owner.items.push(item);
  }

  /** It was taken in vain: it comes before the others of its owner, who has the turn if nobody else of his waits. */
  pushReturned(item: T): void {
    const known = this.#owners.get(item.owner);
    const owner = known ?? this.#newOwner(item.owner);
    if (!known) this.#turns.pushFirst(owner);
    owner.items.pushFirst(item);
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

  #newOwner(name: string): Owner<T> {
    const owner = new Owner<T>(name);
    this.#owners.set(name, owner);
    return owner;
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
