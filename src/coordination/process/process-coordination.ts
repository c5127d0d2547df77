import type { Clock } from '../../clock.ts';
import type { Coordination, Demand, Listener, LockOptions, LockOutcome, Reservation } from '../coordination.ts';
import { Counters } from './counters.ts';
import { ExpiringValues } from './expiring-values.ts';
import { Listeners } from './listeners.ts';
import { LocalLocks } from './local-locks.ts';

const NEVER = new AbortController().signal;

/** Everything in the memory of one process. */
export class ProcessCoordination implements Coordination {
  readonly kind = 'process';
  readonly shared = true;
  readonly losses = 0;
  readonly #clock: Clock;
  readonly #counters = new Counters();
  readonly #slots = new Map<string, number>();
  readonly #values: ExpiringValues;
  readonly #listeners = new Listeners();
  readonly #locks: LocalLocks;
  #fence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#values = new ExpiringValues(clock.now);
    this.#locks = new LocalLocks(clock);
  }

  async reserve(demands: readonly Demand[]): Promise<Reservation> {
    const now = this.#clock.now();
    const counts = demands.map((demand) => this.#count(demand, now));
    const denied = demands.findIndex((demand, index) => exceeds(demand, counts[index]?.used ?? 0));
    if (denied >= 0) {
      const { limit = 0 } = demands[denied] ?? {};
      const { used = 0, fitsAfterMs } = counts[denied] ?? {};
      const needed = used + amountOf(demands[denied]) - limit;
      return { granted: false, levels: counts, denied, retryAfterMs: fitsAfterMs?.(needed) ?? 0 };
    }
    for (const demand of demands) this.#add(demand, amountOf(demand), now);
    let ended = false;
    return {
      granted: true,
      levels: demands.map((demand) => this.#count(demand, now)),
      end: async (amounts = []) => {
        if (ended) return;
        ended = true;
        for (const [index, demand] of demands.entries()) this.#settle(demand, amounts[index], now);
      },
    };
  }

  async lock(key: string, options: LockOptions): Promise<LockOutcome> {
    const release = await this.#locks.acquire(key, options);
    if (typeof release === 'string') return { held: false, why: release };
    let isHeld = true;
    return {
      held: true,
      fence: this.nextFence(),
      lost: NEVER,
      release: async () => {
        if (isHeld) release();
        isHeld = false;
      },
    };
  }

  /** By the time, so that it grows over restarts as well. */
  nextFence(): number {
    this.#fence = Math.max(this.#fence + 1, this.#clock.now() * 1_000);
    return this.#fence;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#values.get(key);
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    this.#values.set(key, value, ttlMs);
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key);
  }

  async increment(key: string, ttlMs: number): Promise<number> {
    return this.#values.increment(key, ttlMs);
  }

  async publish(channel: string, message: string): Promise<void> {
    this.#listeners.tell(channel, message);
  }

  subscribe(channel: string, listener: Listener): () => void {
    this.#listeners.add(channel, listener);
    return () => this.#listeners.remove(channel, listener);
  }

  async close(): Promise<void> {}

  #count(demand: Demand, now: number) {
    if (demand.kind !== 'slot') return this.#counters.count(demand, now);
    return { used: this.#slots.get(demand.key) ?? 0, resetMs: 0, fitsAfterMs: () => 0 };
  }

  #add(demand: Demand, amount: number, takenAt: number): void {
    if (demand.kind !== 'slot') {
      this.#counters.add(demand, amount, takenAt, this.#clock.now());
      return;
    }
    const used = (this.#slots.get(demand.key) ?? 0) + amount;
    if (used > 0) this.#slots.set(demand.key, used);
    else this.#slots.delete(demand.key);
  }

  #settle(demand: Demand, amount: number | undefined, takenAt: number): void {
    if (demand.kind === 'slot') this.#add(demand, -1, takenAt);
    else if (amount !== undefined) this.#add(demand, amount - demand.amount, takenAt);
  }
}

const amountOf = (demand: Demand | undefined): number =>
  demand === undefined || demand.kind === 'slot' ? 1 : demand.amount;

const exceeds = (demand: Demand, used: number): boolean =>
  demand.limit !== undefined && used + amountOf(demand) > demand.limit;
