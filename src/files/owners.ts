import { LRUCache } from 'lru-cache';

/** Where a file or a batch lies, and whose it is. */
export interface Owner {
  readonly surface: string;
  readonly account: string;
  /** The name of the inbound key that made it; undefined for what was made elsewhere, which everybody may use. */
  readonly key?: string | undefined;
  /** A file's purpose, as Kimi names it. */
  readonly purpose?: string | undefined;
  readonly filename?: string | undefined;
}

/** Remembers owners by id. What is forgotten is found again by asking each account, but not whose it was. */
export interface Owners {
  find(id: string): Promise<Owner | undefined>;
  remember(id: string, owner: Owner): Promise<void>;
  forget(id: string): Promise<void>;
}

/** An account holds 1,000 files. */
const OWNERS_KEPT = 20_000;

/** Owners in the memory of the process: the least recently used are forgotten. */
export class RecentOwners implements Owners {
  readonly #owners = new LRUCache<string, Owner>({ max: OWNERS_KEPT });

  async find(id: string): Promise<Owner | undefined> {
    return this.#owners.get(id);
  }

  async remember(id: string, owner: Owner): Promise<void> {
    this.#owners.set(id, owner);
  }

  async forget(id: string): Promise<void> {
    this.#owners.delete(id);
  }
}
