import type { Signal } from '../signal.ts';

/** On whose behalf, and for how long. */
export interface Caller {
  /** The name of the inbound key. */
  readonly owner: string;
  readonly signal: Signal;
  /** The ids of the surfaces that the key may use; undefined: all. */
  readonly surfaces?: readonly string[] | undefined;
}
