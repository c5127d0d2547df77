/** A secret that prints as its mask. `Secret` of the configuration has this shape. */
export interface SecretLike {
  reveal(): string;
  toString(): string;
}

/** What the gateway shows to one surface to be let in. */
export interface Credential {
  /** Safe to print: `moonshot-cn#1 …k3f9`. */
  readonly id: string;
  readonly surface: string;
  readonly secret: SecretLike;
  /** Limits belong to the account; credentials of one account share them. Defaults to the credential's own id. */
  readonly account: string;
  readonly headers: Readonly<Record<string, string>>;
}
