import type { Slot } from '../slot.ts';
import type { Strategy } from './strategy.ts';

/**
 * Shares by weight, spread evenly: nginx's smooth weighted round robin (nginx commit 52327e0627f4). Every usable slot
 * gains its weight, the richest is picked and pays what all gained. Weight 0 only serves when nobody else can.
 */
export class Weighted implements Strategy {
  pick(slots: readonly Slot[], usable: (slot: Slot) => boolean): Slot | undefined {
    let best: Slot | undefined;
    let reserve: Slot | undefined;
    let total = 0;
    for (const slot of slots) {
      if (!usable(slot)) continue;
      if (slot.weight === 0) {
        reserve ??= slot;
        continue;
      }
      slot.share += slot.weight;
      total += slot.weight;
      if (!best || slot.share > best.share) best = slot;
    }
    if (best) best.share -= total;
    return best ?? reserve;
  }
}
