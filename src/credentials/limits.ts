import type { AccountLimits } from '../credential.ts';

export type Measure = keyof AccountLimits;

export const MEASURES = ['concurrency', 'rpm', 'tpm', 'tpd'] as const satisfies readonly Measure[];

const NONE = Number.POSITIVE_INFINITY;

export const UNLIMITED: AccountLimits = { concurrency: NONE, rpm: NONE, tpm: NONE, tpd: NONE };

/** Limits of the open platform by tier, which follows the cumulative top-up (platform docs, pricing/limits page). */
export const TIERS: readonly AccountLimits[] = [
  { concurrency: 1, rpm: 3, tpm: 500_000, tpd: 1_500_000 },
  { concurrency: 50, rpm: 200, tpm: 2_000_000, tpd: NONE },
  { concurrency: 100, rpm: 500, tpm: 3_000_000, tpd: NONE },
  { concurrency: 200, rpm: 5_000, tpm: 3_000_000, tpd: NONE },
  { concurrency: 400, rpm: 5_000, tpm: 4_000_000, tpd: NONE },
  { concurrency: 1_000, rpm: 10_000, tpm: 5_000_000, tpd: NONE },
];

/** The smallest value that anybody gave for each measure. */
export function tightest(given: readonly Partial<AccountLimits>[]): AccountLimits {
  const least = (measure: Measure) => Math.min(...given.map((limits) => limits[measure] ?? NONE));
  return { concurrency: least('concurrency'), rpm: least('rpm'), tpm: least('tpm'), tpd: least('tpd') };
}
