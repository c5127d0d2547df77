/** Where a file or a batch of the platform lies. */
export interface FileOwnerTable {
  /** The vendor's own. */
  id: string;
  /** When it was made or found, milliseconds. */
  at: number;
  surface: string;
  account: string;
  /** The inbound key that made it; null for what was made elsewhere. */
  key_name: string | null;
  purpose: string | null;
  filename: string | null;
}
