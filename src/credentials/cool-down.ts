import type { ErrorCode } from '../errors.ts';

/** How long a credential rests after its n-th failure in a row, milliseconds; 0: the failure is not its fault. */
interface RestRow {
  readonly firstMs: number;
  readonly maxMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Only what lies with the credential or its account makes it rest; an overloaded engine or a broken network does not. */
const RESTS: Partial<Record<ErrorCode, RestRow>> = {
  upstream_auth: { firstMs: 5 * MINUTE, maxMs: 60 * MINUTE },
  upstream_permission: { firstMs: 5 * MINUTE, maxMs: 60 * MINUTE },
  quota_exhausted: { firstMs: 10 * MINUTE, maxMs: 60 * MINUTE },
  rate_limited: { firstMs: SECOND, maxMs: MINUTE },
};

/** Longest pause that a surface can ask for; a longer one is looked at again after this time. */
const LONGEST_ASKED_MS = 60 * MINUTE;

/**
 * How long a credential rests: a pure function of the error, how often it failed like this in a row (1 for the first
 * time), and the pause that the surface asked for.
 */
export function restAfter(code: ErrorCode, failures: number, retryAfterMs?: number): number {
  const row = RESTS[code];
  if (!row) return 0;
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, 0), LONGEST_ASKED_MS);
  return Math.min(row.firstMs * 2 ** Math.max(0, failures - 1), row.maxMs);
}
