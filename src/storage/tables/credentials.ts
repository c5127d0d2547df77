/** What is held against a credential. */
export interface CredentialStateTable {
  /** The digest of the credential, and of what is said about it. */
  id: string;
  /** Digest of surface and secret. */
  credential: string;
  /** JSON. */
  record: string;
  at: number;
}

/** A credential that was added at run time. */
export interface StoredCredentialTable {
  id: string;
  surface: string;
  /** Its settings as JSON, encrypted. */
  sealed: string;
  at: number;
}
