import type { Action } from '../atlas/index.ts';

/** Who rests: the credential, its whole account, or the credential for the one model. */
export type RestScope = 'credential' | 'account' | 'model';

/**
 * How a rest ends: `open`, when its time is over; `probe`, when its time is over and then one request at a time has
 * shown that it is; `hand`, when the owner says so, tests it with success, or changes the credential.
 */
export type RestEnd = 'open' | 'probe' | 'hand';

interface RestRow {
  readonly scope: RestScope;
  /** Length after the first failure in a row, doubling up to the most. */
  readonly firstMs: number;
  readonly mostMs: number;
  readonly end: RestEnd;
  /** From this failure in a row on it ends by hand. */
  readonly givenUpAfter?: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * No rest is longer without a look at the facts, whatever reset a surface told: the loudest complaint about other pools
 * is a rest that outlives the quota by days (router-for-me/CLIProxyAPI #4724, #5277, #5639).
 */
export const LONGEST_REST_MS = 30 * MINUTE;

/** Up to this share of a rest is added at random, so that credentials do not come back all at once. */
const JITTER = 0.1;

/** By what the atlas says is to be done. What is not here lets nobody rest: the credential is not at fault. */
const RESTS: Partial<Record<Action, RestRow>> = {
  // One refusal may be a slip of the surface; a second one after a pause is not.
  prove: { scope: 'credential', firstMs: MINUTE, mostMs: MINUTE, end: 'probe', givenUpAfter: 2 },
  close: { scope: 'account', firstMs: LONGEST_REST_MS, mostMs: LONGEST_REST_MS, end: 'hand' },
  look_again: { scope: 'credential', firstMs: 5 * MINUTE, mostMs: LONGEST_REST_MS, end: 'probe' },
  await_quota: { scope: 'account', firstMs: 5 * MINUTE, mostMs: LONGEST_REST_MS, end: 'probe' },
  slow_down: { scope: 'account', firstMs: SECOND, mostMs: MINUTE, end: 'open' },
  // Back-pressure, not a ban (Wei-Shaw/sub2api #6203, #6955).
  fewer_at_once: { scope: 'account', firstMs: SECOND, mostMs: 10 * SECOND, end: 'open' },
  other_model: { scope: 'model', firstMs: 10 * MINUTE, mostMs: LONGEST_REST_MS, end: 'open' },
};

export interface RestHistory {
  /** How often it failed in a row, this time included. */
  readonly failures: number;
  /** The pause that the surface asked for, or the time until the reset that it told. */
  readonly askedMs?: number | undefined;
  /** In [0, 1). */
  readonly random: number;
}

export interface RestDecision {
  readonly scope: RestScope;
  readonly ms: number;
  readonly end: RestEnd;
}

/** Who rests for this; undefined where nobody does. */
export const restScope = (action: Action): RestScope | undefined => RESTS[action]?.scope;

/** What a failure means for whoever served: a pure function; undefined where it is not their fault. */
export function restAfter(action: Action, { failures, askedMs, random }: RestHistory): RestDecision | undefined {
  const row = RESTS[action];
  if (!row) return undefined;
  const { scope, firstMs, mostMs } = row;
  if (row.end === 'hand' || failures >= (row.givenUpAfter ?? Number.POSITIVE_INFINITY)) {
    return { scope, ms: LONGEST_REST_MS, end: 'hand' };
  }
  // What was asked for is the least: the platform says `retry-after: 1` with every 429, that of an empty account too.
  const plain = Math.max(askedMs ?? 0, Math.min(firstMs * 2 ** Math.min(failures - 1, 30), mostMs));
  const ms = Math.min(Math.round(plain * (1 + JITTER * random)), LONGEST_REST_MS);
  // The rest ends before the pause that was asked for: then the first request has to show whether that still holds.
  return { scope, ms, end: plain > LONGEST_REST_MS ? 'probe' : row.end };
}
