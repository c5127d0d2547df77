import type { Slot } from '../slot.ts';
import { RoundRobin } from './round-robin.ts';
import type { Strategy } from './strategy.ts';

/**
 * The same key stays with the same account, whose prefix cache knows it, by rendezvous hashing: every account has a
 * score for the key and the highest that is usable serves. When an account goes or is full, its keys spread over the
 * others, and no other key moves. Requests without a key go in turn.
 */
export class Sticky implements Strategy {
  readonly #turns = new RoundRobin();

  pick(slots: readonly Slot[], usable: (slot: Slot) => boolean, key: string | undefined): Slot | undefined {
    if (key === undefined) return this.#turns.pick(slots, usable);
    const start = hash(key, FNV_START);
    let best: Slot | undefined;
    let highest = -1;
    for (const slot of slots) {
      const score = mix(hash(slot.account.identity ?? slot.account.id, start));
      if (score <= highest || !usable(slot)) continue;
      best = slot;
      highest = score;
    }
    return best;
  }
}

/** FNV-1a (draft-eastlake-fnv); its low bits are poor for similar names, hence the mixing. */
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function hash(text: string, start: number): number {
  let value = start;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), FNV_PRIME);
  return value;
}

/** The finalizer of MurmurHash3. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
