import type { Clock } from '../clock.ts';
import type { GatewayError } from '../errors.ts';
import type { Slot } from './slot.ts';

/** What the leases of a pool share. */
export interface LeaseBook {
  readonly clock: Clock;
  /** The number of the newest call: they count up from 1, also over a change of configuration. */
  calls: { newest: number };
  /** Leases that are open. */
  open: number;
  readonly failed: (slot: Slot, error: GatewayError) => void;
  /** Somebody has begun to rest, or has ceased to. */
  readonly rests: () => void;
}
