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
  readonly random: number;
}

/** The official client waits 0.5 s and doubles (MoonshotAI/kimi-code #3176). */
const FIRST_PAUSE_MS = 500;
/** Longer pauses are the client's business: it is told by Retry-After. */
const LONGEST_PAUSE_MS = 5_000;
const JITTER = 0.25;

/** Pure. Only asked while nothing of an answer has reached the client. */
export function nextStep(error: GatewayError, tried: Tried): Next {
  const { retry } = error.row;
  if (retry === 'never' || tried.attempts >= tried.maxAttempts) return { step: 'give-up' };
  if (tried.othersLeft) return { step: 'other' };
  if (retry === 'elsewhere') return { step: 'give-up' };
  const pause = error.details.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (tried.attempts - 1);
  const ms = Math.round(pause * (1 + JITTER * tried.random));
  return ms > LONGEST_PAUSE_MS ? { step: 'give-up' } : { step: 'wait', ms };
}
