/** What is used of a quota that begins anew at some time. */
export interface QuotaWindow {
  /** `weekly`, or the length of a rolling window: `5h`. */
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  /** Milliseconds since the epoch; undefined where the vendor says nothing. */
  readonly resetsAt: number | undefined;
}

/** What an account has left, as its surface says; asking costs nothing. */
export interface QuotaReading {
  readonly windows: readonly QuotaWindow[];
  /** Money; `available` counts. */
  readonly balance?: {
    readonly available: number;
    readonly voucher: number | undefined;
    readonly cash: number | undefined;
    readonly currency: 'CNY' | 'USD';
  };
  readonly membership?: string | undefined;
  /** Nothing is left until then; Infinity where time alone does not help. Undefined: something is left. */
  readonly spentUntil: number | undefined;
}
