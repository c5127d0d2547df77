import { type Demand, type Level, SLICES } from '../coordination.ts';

type WindowDemand = Extract<Demand, { kind: 'window' }>;
type PeriodDemand = Extract<Demand, { kind: 'period' }>;

interface Counter {
  /** Slice number → amount; a period has one slice, 0. */
  readonly slices: Map<number, number>;
  endsAt: number;
}

export interface Count extends Level {
  /** Milliseconds until `needed` more fit. */
  fitsAfterMs(needed: number): number;
}

/** Keys come from clients: beyond this many, those that end first are dropped. */
const COUNTERS_KEPT = 100_000;

/** What was taken in windows and periods. */
export class Counters {
  readonly #counters = new Map<string, Counter>();

  count(demand: WindowDemand | PeriodDemand, now: number): Count {
    const counter = this.#alive(demand.key, now);
    if (demand.kind === 'period') return countPeriod(counter, demand, now);
    return countWindow(counter, demand, now);
  }

  /** `takenAt`: when the amount was first taken, which a correction belongs to. */
  add(demand: WindowDemand | PeriodDemand, amount: number, takenAt: number, now: number): void {
    const sliceMs = demand.kind === 'window' ? demand.windowMs / SLICES : 0;
    const slice = sliceMs === 0 ? 0 : Math.floor(takenAt / sliceMs);
    const endsAt = demand.kind === 'window' ? (slice + SLICES + 1) * sliceMs : demand.endsAt;
    if (endsAt <= now) return;
    let counter = this.#alive(demand.key, now);
    if (!counter) {
      counter = { slices: new Map(), endsAt };
      this.#counters.set(demand.key, counter);
      if (this.#counters.size > COUNTERS_KEPT) this.#shrink(now);
    }
    counter.endsAt = Math.max(counter.endsAt, endsAt);
    counter.slices.set(slice, Math.max(0, (counter.slices.get(slice) ?? 0) + amount));
  }

  #alive(key: string, now: number): Counter | undefined {
    const counter = this.#counters.get(key);
    if (!counter || counter.endsAt > now) return counter;
    this.#counters.delete(key);
    return undefined;
  }

  #shrink(now: number): void {
    for (const [key, { endsAt }] of this.#counters) if (endsAt <= now) this.#counters.delete(key);
    const excess = this.#counters.size - COUNTERS_KEPT;
    if (excess <= 0) return;
    const ending = [...this.#counters].sort(([, left], [, right]) => left.endsAt - right.endsAt);
    for (const [key] of ending.slice(0, excess + COUNTERS_KEPT / 100)) this.#counters.delete(key);
  }
}

function countPeriod(counter: Counter | undefined, { endsAt }: PeriodDemand, now: number): Count {
  const used = counter?.slices.get(0) ?? 0;
  const resetMs = Math.max(0, endsAt - now);
  return { used, resetMs: used > 0 ? resetMs : 0, fitsAfterMs: () => resetMs };
}

function countWindow(counter: Counter | undefined, { windowMs }: WindowDemand, now: number): Count {
  const sliceMs = windowMs / SLICES;
  const oldest = Math.floor(now / sliceMs) - SLICES;
  const slices = [...(counter?.slices ?? [])].filter(([slice]) => slice >= oldest).sort(([a], [b]) => a - b);
  for (const slice of counter?.slices.keys() ?? []) if (slice < oldest) counter?.slices.delete(slice);
  const leavesAfter = (slice: number) => Math.ceil((slice + SLICES + 1) * sliceMs - now);
  const filled = slices.filter(([, amount]) => amount > 0);
  const [last] = filled.at(-1) ?? [];
  return {
    used: filled.reduce((sum, [, amount]) => sum + amount, 0),
    resetMs: last === undefined ? 0 : leavesAfter(last),
    fitsAfterMs(needed) {
      let freed = 0;
      for (const [slice, amount] of filled) {
        freed += amount;
        if (freed >= needed) return leavesAfter(slice);
      }
      return 0;
    },
  };
}
