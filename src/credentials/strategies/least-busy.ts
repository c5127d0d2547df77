import type { Slot } from '../slot.ts';
import type { Strategy } from './strategy.ts';

/** The account with the fewest calls in flight; among equals who has waited longest. */
export class LeastBusy implements Strategy {
  pick(slots: readonly Slot[], usable: (slot: Slot) => boolean): Slot | undefined {
    let best: Slot | undefined;
    for (const slot of slots) if ((!best || isLessBusy(slot, best)) && usable(slot)) best = slot;
    return best;
  }
}

function isLessBusy(slot: Slot, other: Slot): boolean {
  const difference = slot.account.gate.inFlight - other.account.gate.inFlight;
  return difference < 0 || (difference === 0 && slot.lastCall < other.lastCall);
}
