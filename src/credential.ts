/** A secret that prints as its mask. `Secret` of the configuration has this shape. */
export interface SecretLike {
  reveal(): string;
  toString(): string;
}

/** What an account may do at most. Infinity: not limited as far as anybody said. */
export interface AccountLimits {
  /** Calls in flight at once. */
  readonly concurrency: number;
  /** Requests and tokens a minute, tokens a day. */
  readonly rpm: number;
  readonly tpm: number;
  readonly tpd: number;
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
  /** Its share where the surface's strategy is `weighted`; default 1. 0: only if nobody else is free. */
  readonly weight?: number;
  /** What is known of its account's limits from the configuration. */
  readonly limits?: Partial<AccountLimits>;
  /** Kimi Code: the operator's own choice to call as `KimiCLI/<version>` with it. */
  readonly userAgentVersion?: string | undefined;
  /** Other values that are sent with it and must not be shown, such as those of extra headers. */
  readonly hidden?: readonly string[];
}
