/** Where a file or a batch lies, and whose it is. */
export interface Owner {
  readonly surface: string;
  readonly account: string;
  /** The name of the inbound key that made it; undefined for what was made elsewhere, or by nobody knows whom. */
  readonly key?: string | undefined;
  /** A file's purpose, as Kimi names it. */
  readonly purpose?: string | undefined;
  readonly filename?: string | undefined;
}

/** Remembers owners by id. Where it lies can be found out again by asking each account, whose it is cannot. */
export interface Owners {
  find(id: string): Promise<Owner | undefined>;
  findAll(ids: readonly string[]): Promise<ReadonlyMap<string, Owner>>;
  remember(id: string, owner: Owner): Promise<void>;
  forget(id: string): Promise<void>;
}
