import type { GatewayError } from '../errors.ts';

/** What to do after a failed attempt. */
export type Next =
  | { readonly step: 'give-up' }
  /** Another credential or surface, at once. */
  | { readonly step: 'other' }
  /** Any credential, the same one too, after a pause. */
  | { readonly step: 'wait'; readonly ms: number };

export interface Tried {
  /** How many attempts were made, the failed one included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** A credential or surface that was not tried yet could serve. */
  readonly othersLeft: boolean;
  /** One that would not refuse this request again could, tried or not. */
  readonly anyLeft: boolean;
  /** The pause before the second try, which doubles, and the longest one; milliseconds. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly random: number;
}

/** The official client waits 0.5 s and doubles, with this much at random (MoonshotAI/kimi-code #3176). */
const JITTER = 0.25;

/**
 * Pure. Only asked while nothing of an answer has reached the client. A longer pause than the longest is the client's
 * business: it is told by Retry-After.
 */
export function nextStep(error: GatewayError, tried: Tried): Next {
  const { retry } = error.row;
  if (retry === 'never' || tried.attempts >= tried.maxAttempts) return { step: 'give-up' };
  if (tried.othersLeft) return { step: 'other' };
  if (retry === 'elsewhere' && !tried.anyLeft) return { step: 'give-up' };
  const { firstPauseMs, longestPauseMs } = tried;
  // A pause that is asked for by one who will not be asked again is of no interest.
  const asked = retry === 'anywhere' ? error.details.retryAfterMs : undefined;
  if (asked !== undefined && asked > longestPauseMs) return { step: 'give-up' };
  const pause = asked ?? Math.min(firstPauseMs * 2 ** (tried.attempts - 1), longestPauseMs);
  return { step: 'wait', ms: Math.round(pause * (1 + JITTER * tried.random)) };
}
