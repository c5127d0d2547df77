/** One call of a model. Times are milliseconds; what is not known is null. */
export interface LedgerTable {
  id: string;
  /** When the answer had ended. */
  at: number;
  /** Name of the inbound key; `local` where none is needed. */
  key_name: string;
  protocol: string;
  /** The model that the client named, and the one that served. */
  asked: string | null;
  model: string | null;
  surface: string | null;
  /** The name and the mask, never the secret. */
  credential: string | null;
  status: number;
  /** The code of the failure. */
  error: string | null;
  /** 0: the client left before the end. */
  complete: number;
  /** Tokens as the surface counted them; `tokens_in` includes the cached ones, `tokens_out` those of reasoning. */
  tokens_in: number | null;
  tokens_cached: number | null;
  tokens_out: number | null;
  tokens_reasoning: number | null;
  /** Billionths of the currency, so that sums are exact. */
  cost_nano: number | null;
  currency: string | null;
  /** Until the client got the first byte, and until the end. */
  first_ms: number | null;
  total_ms: number;
  repairs: number;
  fallbacks: number;
}

/** What was said, where the owner has turned that on. */
export interface LedgerBodyTable {
  id: string;
  at: number;
  request: string | null;
  answer: string | null;
}
