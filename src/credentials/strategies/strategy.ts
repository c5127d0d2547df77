import type { Slot } from '../slot.ts';

export const STRATEGIES = ['round_robin', 'least_busy', 'weighted', 'sticky'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** Whose turn it is among the credentials of a surface. */
export interface Strategy {
  /** One of the slots that are usable, or undefined if none is. `key`: what belongs together, for those who care. */
  pick(slots: readonly Slot[], usable: (slot: Slot) => boolean, key: string | undefined): Slot | undefined;
}
