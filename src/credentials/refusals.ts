import { type ErrorCode, GatewayError } from '../errors.ts';
import type { Outlook } from './surface-group.ts';

/** What a client is told at most; it may come back earlier than a far reset. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
const SHORTEST_RETRY_AFTER_MS = 1_000;

const retryAfter = (ms: number) => Math.min(Math.max(ms, SHORTEST_RETRY_AFTER_MS), LONGEST_RETRY_AFTER_MS);

/** Nobody could serve in time: because everybody rests, or because the accounts are at their limits. */
export function noPlace(waitMs: number, { rests, soonest }: Outlook, because: readonly ErrorCode[]): GatewayError {
  // For the reader this is no matter of time: the surface does not serve the model to these credentials.
  if (rests > waitMs && because.length === 1 && because[0] === 'upstream_model_not_found') {
    return new GatewayError(because[0]);
  }
  if (rests > waitMs) {
    const why = because.length > 0 ? ` (${because.join(', ')})` : '';
    return new GatewayError('all_resting', {
      message: `Every credential that could serve this request is resting${why}.`,
      ...(rests === Number.POSITIVE_INFINITY ? {} : { retryAfterMs: retryAfter(rests) }),
    });
  }
  return new GatewayError('rate_limited', {
    message: 'Every account that could serve this request is at its limit, and no place became free in time.',
    retryAfterMs: retryAfter(soonest),
  });
}

export function queueFull(limit: number, expectedMs: number): GatewayError {
  return new GatewayError('rate_limited', {
    message: `Every account that could serve this request is at its limit, and ${limit} requests are waiting already (limits.queue).`,
    retryAfterMs: retryAfter(expectedMs),
  });
}
