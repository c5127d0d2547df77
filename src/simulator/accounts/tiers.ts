/** What one organisation may do. `Infinity` means no limit. */
export interface Limits {
  readonly concurrency: number;
  readonly rpm: number;
  readonly tpm: number;
  readonly tpd: number;
}

export type Tier = 0 | 1 | 2 | 3 | 4 | 5;

const NONE = Number.POSITIVE_INFINITY;

export const UNLIMITED: Limits = { concurrency: NONE, rpm: NONE, tpm: NONE, tpd: NONE };

/** Platform docs, pricing/limits page, read in September 2026. Tier = cumulative top-up. */
export const TIERS: Readonly<Record<Tier, Limits>> = {
  0: { concurrency: 1, rpm: 3, tpm: 500_000, tpd: 1_500_000 },
  1: { concurrency: 50, rpm: 200, tpm: 2_000_000, tpd: NONE },
  2: { concurrency: 100, rpm: 500, tpm: 3_000_000, tpd: NONE },
  3: { concurrency: 200, rpm: 5_000, tpm: 3_000_000, tpd: NONE },
  4: { concurrency: 400, rpm: 5_000, tpm: 4_000_000, tpd: NONE },
  5: { concurrency: 1_000, rpm: 10_000, tpm: 5_000_000, tpd: NONE },
};
