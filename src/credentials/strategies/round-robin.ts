import type { Slot } from '../slot.ts';
import type { Strategy } from './strategy.ts';

/** Everybody in turn. */
export class RoundRobin implements Strategy {
  /** Index of the slot behind the one that was picked last. */
  #turn = 0;

  pick(slots: readonly Slot[], usable: (slot: Slot) => boolean): Slot | undefined {
    for (let step = 0; step < slots.length; step++) {
      const index = (this.#turn + step) % slots.length;
      const slot = slots[index];
      if (!slot || !usable(slot)) continue;
      this.#turn = index + 1;
      return slot;
    }
    return undefined;
  }
}
