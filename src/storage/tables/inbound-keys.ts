/** A key that was issued at run time. Times are milliseconds; the key itself is nowhere. */
export interface InboundKeyTable {
  id: string;
  name: string;
  /** SHA-256 in Base64: the keys are random and long, so that nothing slower is needed. */
  digest: string;
  last4: string;
  /** The one that a rotation has replaced, for as long as it still opens. */
  previous_digest: string | null;
  previous_last4: string | null;
  previous_until: number | null;
  /** What it may do, as JSON in the form of the configuration. */
  rules: string;
  created_at: number;
  rotated_at: number | null;
  revoked_at: number | null;
  /** Grows with every change of any row, so that replicas see by one number that something has changed. */
  revision: number;
}

/** What a key has spent. Billionths of a dollar, so that sums are exact. */
export interface KeyBudgetTable {
  /** Of the issued key; `config:` and the name for one of the configuration. */
  id: string;
  /** The day and the month that the sums belong to, such as 2026-11-21 and 2026-11. */
  day: string;
  day_nano: number;
  month: string;
  month_nano: number;
  /** What calls under way may come to: those that began in this hour, by `generation`, and in the one before. */
  held_nano: number;
  held_before_nano: number;
  generation: number;
}
