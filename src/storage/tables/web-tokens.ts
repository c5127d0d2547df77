/** The tokens of the web chat that were renewed last for one configured credential. */
export interface WebTokenTable {
  /** A hash of the secret that is configured. */
  id: string;
  /** Both tokens, encrypted with `secret_key`. */
  sealed: string;
  at: number;
}
