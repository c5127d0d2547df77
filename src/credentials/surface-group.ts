import type { LeaseRequest } from './lease-request.ts';
import type { Slot } from './slot.ts';
import type { Strategy, StrategyName } from './strategies/strategy.ts';

/** Both clocks, read once for one decision: milliseconds since the epoch for rests, ticks for gates. */
export interface Moment {
  readonly now: number;
  readonly ticks: number;
}

/** When a request could be served, milliseconds from now. */
export interface Outlook {
  /** Nobody can serve it earlier; 0 where that lies with calls in flight, Infinity where time does not help. */
  readonly soonest: number;
  /** The next moment at which time alone changes something; Infinity if it does not. */
  readonly change: number;
  /** As `soonest`, as far as rests are concerned. */
  readonly rests: number;
}

/** The credentials of one surface and whose turn it is. */
export class SurfaceGroup {
  slots: readonly Slot[] = [];
  readonly strategyName: StrategyName;
  readonly #strategy: Strategy;
  /** Requests in the waiting room that could be served here; newcomers do not pass them. */
  waiting = 0;

  constructor(name: StrategyName, strategy: Strategy) {
    this.strategyName = name;
    this.#strategy = strategy;
  }

  pick(request: LeaseRequest, model: string | undefined, avoid: ReadonlySet<string>, moment: Moment): Slot | undefined {
    const { estimate, stickyKey } = request;
    const { now, ticks } = moment;
    return this.#strategy.pick(
      this.slots,
      (slot) => {
        if (avoid.has(slot.credential.id) || !slot.suits(request) || !slot.ready(model, now)) return false;
        const { gate } = slot.account;
        return gate.admits(ticks, gate.sizeOf(estimate, ticks));
      },
      stickyKey,
    );
  }

  /** Only tokens are missing for this request somewhere: smaller ones must not take them away for ever. */
  savesTokensFor(request: LeaseRequest, model: string | undefined, { now, ticks }: Moment): boolean {
    if (request.estimate === undefined) return false;
    return this.slots.some((slot) => {
      if (!slot.suits(request) || !slot.ready(model, now)) return false;
      const { gate } = slot.account;
      const size = gate.sizeOf(request.estimate, ticks);
      return size > 0 && gate.admits(ticks, 0) && !gate.hasTokens(ticks, size);
    });
  }

  outlook(request: LeaseRequest, model: string | undefined, { now, ticks }: Moment): Outlook {
    let soonest = Number.POSITIVE_INFINITY;
    let change = Number.POSITIVE_INFINITY;
    let rests = Number.POSITIVE_INFINITY;
    for (const slot of this.slots) {
      if (!slot.suits(request)) continue;
      const rest = slot.restsFor(model, now);
      const { gate } = slot.account;
      const free = Math.max(rest, gate.freeIn(ticks, gate.sizeOf(request.estimate, ticks)));
      rests = Math.min(rests, rest);
      soonest = Math.min(soonest, free);
      if (free > 0) change = Math.min(change, free);
    }
    return { soonest, change, rests };
  }
}
