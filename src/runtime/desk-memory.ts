import type { CredentialSettings } from '../config/index.ts';

/** What happened to credentials at run time; a change of the configuration keeps it. */
export interface DeskMemory {
  /** By the credential's id. */
  readonly added: Map<string, Added>;
  /** Configured ones that were taken out. */
  readonly removed: Set<string>;
}

export interface Added {
  readonly surface: string;
  readonly settings: CredentialSettings;
  /** Its row; undefined: it is kept in memory only. */
  readonly row: string | undefined;
}
