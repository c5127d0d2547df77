import type { GatewayError } from '../errors.ts';

/** What to do after a failed attempt. */
export type Next =
  | { readonly step: 'give-up' }
  /** Another credential or surface, at once. */
  | { readonly step: 'other' }
  /** Any credential, the same one too, after a pause. */
  | { readonly step: 'wait'; readonly ms: number };

export interface Tried {
  /** How many tries were made, the failed one included, and how many there may be in all. */
  readonly tries: number;
  readonly maxTries: number;
  /** Which round this is, from 1: in a round every credential gets the request at most once, after it comes a pause. */
  readonly round: number;
  readonly maxRounds: number;
  /** Since the first try failed, and how long after that another one may begin; milliseconds. */
  readonly elapsedMs: number;
  readonly withinMs: number;
  /** A credential or surface that was not tried in this round could serve now. */
  readonly othersLeft: boolean;
  /** The same, after a wait that the call may still afford. */
  readonly othersSoon: boolean;
  /** One that would not refuse this request again could, tried or not. */
  readonly anyLeft: boolean;
  /** The pause after the first round, which doubles, and the longest one; milliseconds. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly random: number;
}

const GIVE_UP: Next = { step: 'give-up' };

/** The official client waits 0.5 s and doubles, with this much at random (MoonshotAI/kimi-code #3176). */
const JITTER = 0.25;

/**
 * Pure. Only asked while nothing of an answer has reached the client. A longer pause than the longest is the client's
 * business: it is told by Retry-After.
 */
export function nextStep(error: GatewayError, tried: Tried): Next {
  const { retry } = error.row;
  const { tries, maxTries, elapsedMs, withinMs } = tried;
  if (retry === 'never' || tries >= maxTries || elapsedMs >= withinMs) return GIVE_UP;
  if (tried.othersLeft) return { step: 'other' };
  if (tried.round >= tried.maxRounds) return GIVE_UP;
  if (retry !== 'anywhere' && !tried.anyLeft) return GIVE_UP;
  const { firstPauseMs, longestPauseMs, othersSoon } = tried;
  // A pause that is asked for by one who will not be asked again is of no interest.
  const asked = retry === 'anywhere' ? error.details.retryAfterMs : undefined;
  const isTooLong = asked !== undefined && asked > longestPauseMs;
  if (isTooLong && !othersSoon) return GIVE_UP;
  const usual = Math.min(firstPauseMs * 2 ** (tried.round - 1), longestPauseMs);
  const pause = asked === undefined || isTooLong ? usual : asked;
  const ms = Math.round(pause * (1 + JITTER * tried.random));
  return elapsedMs + ms > withinMs ? GIVE_UP : { step: 'wait', ms };
}
