import { type Action, actionOf, blameOf } from '../atlas/index.ts';
import type { GatewayError } from '../errors.ts';
import { restAfter, restScope } from './cool-down.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Rest } from './rest.ts';
import type { Slot } from './slot.ts';

/** Whose call failed. */
export interface Failed {
  readonly slot: Slot;
  readonly model: string | undefined;
  /** Its number. */
  readonly call: number;
}

/** What a failure means for whoever was asked: it is written down, and they rest if it says so. */
export function noteFailure(error: GatewayError, failed: Failed, book: LeaseBook): void {
  const { slot, call } = failed;
  const { code, details } = error;
  const { clock, calls } = book;
  // What lies with the request says nothing about whoever was asked.
  if (blameOf(error) !== 'request') {
    slot.failed++;
    slot.lastError = { code, at: clock.now() };
  }
  const action = actionOf(error);
  const rest = restFor(action, failed);
  if (!rest) return;
  const failures = rest.failuresWith(code, call);
  const decision = restAfter(action, { failures, askedMs: details.retryAfterMs, random: clock.random() });
  if (!decision) return;
  rest.begin(code, decision, clock.now(), call, calls.newest);
  book.rests();
}

function restFor(action: Action, { slot, model }: Failed): Rest | undefined {
  const scope = restScope(action);
  if (scope === 'credential') return slot.rest;
  if (scope === 'account') return slot.account.rest;
  return scope === 'model' && model !== undefined ? slot.restOf(model) : undefined;
}
