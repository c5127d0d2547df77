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
  findAll(ids: readonly string[]): Promise<ReadonlyMap<string, Owner>>;
  remember(id: string, owner: Owner): Promise<void>;
  forget(id: string): Promise<void>;
}
