import type { Signal } from '../signal.ts';
import type { TokenEstimate } from './gate.ts';

/** Where a request could be served. */
export interface LeaseTarget {
  readonly surface: string;
  /** As the surface names it; a credential may rest for one model and serve others. */
  readonly model?: string;
}

export interface LeaseRequest {
  /** In the order in which they are wanted. */
  readonly targets: readonly LeaseTarget[];
  /** Ids of credentials that serve only if nobody else can. */
  readonly avoid: ReadonlySet<string>;
  /** Ids of credentials that must not serve. */
  readonly never: ReadonlySet<string>;
  /** The one account that can serve, because what the request names lies there. */
  readonly only?: string | undefined;
  /** On whose behalf; places are given to owners in turn. */
  readonly owner?: string | undefined;
  /** What belongs together, for the strategy `sticky`. */
  readonly stickyKey?: string | undefined;
  readonly estimate?: TokenEstimate | undefined;
  readonly signal: Signal;
  /** How long it may wait for a place, milliseconds. */
  readonly waitMs: number;
  /** It had a place that another replica has taken before: it waits before the others of its owner. */
  readonly returned?: boolean;
}
