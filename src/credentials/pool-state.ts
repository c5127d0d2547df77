import { LONGEST_REST_MS } from './cool-down.ts';
import type { Rest, RestRecord } from './rest.ts';
import type { Slot } from './slot.ts';

/** What is kept over a restart. Holds no secret: credentials are known by a digest. */
export interface PoolState {
  readonly version: 1;
  /** Whom it is about: everybody in the pool. */
  readonly credentials: readonly string[];
  readonly rests: readonly KeptRest[];
  /** Credentials that were switched off by hand. */
  readonly disabled: readonly string[];
}

export interface KeptRest {
  /** Digest of surface and secret: another secret is another credential, whatever its name. */
  readonly credential: string;
  /** Whether the account rests, or the credential for everything, or for one model. */
  readonly of: 'account' | 'credential' | { readonly model: string };
  readonly rest: RestRecord;
}

/** A rest until somebody acts is looked at again after this time: the account may be another matter by then. */
const HAND_KEPT_MS = 24 * 60 * 60_000;

export function snapshotOf(slots: readonly Slot[], now: number): PoolState {
  const rests: KeptRest[] = [];
  for (const slot of slots) {
    const credential = slot.digest;
    const keep = ({ record }: Rest, of: KeptRest['of']) => {
      if (record && (record.end !== 'open' || record.until > now)) rests.push({ credential, of, rest: record });
    };
    keep(slot.account.rest, 'account');
    keep(slot.rest, 'credential');
    for (const [model, rest] of slot.models) keep(rest, { model });
  }
  const disabled = slots.filter(({ enabled }) => !enabled).map(({ digest }) => digest);
  return { version: 1, credentials: slots.map(({ digest }) => digest), rests, disabled };
}

export function restoreState(state: PoolState, slots: readonly Slot[], now: number): void {
  const known = new Map(slots.map((slot) => [slot.digest, slot]));
  for (const credential of state.disabled) {
    const slot = known.get(credential);
    if (slot) slot.enabled = false;
  }
  for (const { credential, of, rest } of state.rests) {
    const slot = known.get(credential);
    const record = current(rest, now);
    if (!slot || !record) continue;
    if (of === 'account') slot.account.rest.restore(record, now);
    else if (of === 'credential') slot.rest.restore(record, now);
    else slot.restOf(of.model).restore(record, now);
  }
}

/** A rest as it holds now; undefined if its cause is too old to be believed. */
function current(rest: RestRecord, now: number): RestRecord | undefined {
  const age = now - rest.since;
  if (rest.end === 'hand') return age < HAND_KEPT_MS ? rest : { ...rest, end: 'probe', until: now };
  // Written under a clock that was ahead: it cannot last longer than it did then.
  if (age < 0) return { ...rest, since: now, until: now + Math.min(rest.until - rest.since, LONGEST_REST_MS) };
  return rest.end === 'open' && rest.until <= now ? undefined : rest;
}
