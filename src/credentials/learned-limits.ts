import type { AccountLimits } from '../credential.ts';
import { MEASURES, type Measure } from './limits.ts';
import type { NamedLimit } from './named-limit.ts';

/** What a surface told, or what its refusals taught, is believed for this long: accounts rise in tier. */
const BELIEVED_MS = 60 * 60_000;

/** Multiplicative decrease and additive increase, as in TCP: fast away from a refusal, slowly back. */
const DECREASE = 0.75;
/** Of 26 calls at once a low tier refused 20 (measured by others): one burst may lower as far as this share of it. */
const BURST_DECREASE = 0.25;
/** How much a success at the limit raises it: by one after eight rounds of it, or by a tenth in a minute. */
const INCREASE = {
  concurrency: (estimate: number) => 1 / (8 * estimate),
  rpm: () => 0.1,
};
/** No tier of the platform allows fewer requests a minute. */
const LEAST_RPM = 3;
/** One refusal of a single call may be a slip of the surface; a second one within this time is not. */
const SUSPICION_MS = 10 * 60_000;

/** How the gate stood when something happened; times are ticks. */
export interface GateReading {
  readonly now: number;
  /** When the request in question was let in. */
  readonly admittedAt: number;
  /** Calls in flight and requests in the last minute, that one included. */
  readonly inFlight: number;
  readonly requests: number;
}

/**
 * The limits that hold for an account: the configured ones, or lower ones that were learned. Learned is what a sentence
 * or a header names, and what a refusal that could not be foreseen makes likely: with several calls in flight that
 * there were too many at once, with a single one, twice, that there were too many in the minute.
 */
export class LearnedLimits {
  /** For every measure the least of configured, named and estimated; only #settle writes it. */
  #inForce: AccountLimits;
  #configured: AccountLimits;
  readonly #named = new Map<Measure, { readonly value: number; readonly until: number }>();
  readonly #estimates = new Map<'concurrency' | 'rpm', number>();
  /** Calls in flight at the first refusal of a burst. */
  #burst = 0;
  /** A refusal of a request that was let in before this moment belongs to the burst that lowered already. */
  #loweredAt = Number.NEGATIVE_INFINITY;
  /** Until then another refusal of a single call is believed to be about requests a minute. */
  #suspectedUntil = Number.NEGATIVE_INFINITY;
  /** When the oldest belief ends; until then nothing has to be looked at. */
  #believedUntil = Number.POSITIVE_INFINITY;

  constructor(configured: AccountLimits) {
    this.#configured = configured;
    this.#inForce = configured;
  }

  get configured(): AccountLimits {
    return this.#configured;
  }

  /** Something was learned from a refusal that named nothing. */
  get estimated(): boolean {
    return this.#estimates.size > 0;
  }

  configure(limits: AccountLimits): void {
    this.#configured = limits;
    this.#settle();
  }

  inForce(now: number): AccountLimits {
    if (now >= this.#believedUntil) this.#forget(now);
    return this.#inForce;
  }

  named({ measure, value }: NamedLimit, now: number): void {
    const known = this.#named.get(measure);
    // Headers say it with every answer.
    if (known?.value === value && known.until > now + BELIEVED_MS / 2) return;
    this.#named.set(measure, { value, until: now + BELIEVED_MS });
    this.#settle();
  }

  /** What surfaces named and is still believed. */
  told(now: number): readonly NamedLimit[] {
    return [...this.#named].flatMap(([measure, { value, until }]) => (until > now ? [{ measure, value }] : []));
  }

  /** A refusal that names nothing. `measure` where its code tells at least what there was too much of. */
  refused(reading: GateReading, measure?: 'concurrency'): void {
    const { now, admittedAt, inFlight, requests } = reading;
    if (admittedAt <= this.#loweredAt) {
      this.#countBurst(inFlight);
      return;
    }
    this.#loweredAt = now;
    this.#burst = inFlight;
    if (measure === 'concurrency' || inFlight > 1) {
      const before = Math.min(inFlight, this.#inForce.concurrency);
      this.#estimates.set('concurrency', Math.max(1, Math.floor(before * DECREASE)));
    } else if (now < this.#suspectedUntil) {
      this.#estimates.set('rpm', Math.max(LEAST_RPM, Math.floor(requests * DECREASE)));
    } else {
      this.#suspectedUntil = now + SUSPICION_MS;
    }
    this.#settle();
  }

  /** A success while the gate was full is a reason to try a little more. */
  served({ admittedAt, inFlight, requests }: GateReading): void {
    if (admittedAt <= this.#loweredAt) return;
    this.#raise('concurrency', inFlight);
    this.#raise('rpm', requests);
  }

  /** The refused leave first: those that are left when the last of them goes are those that the account takes. */
  #countBurst(inFlight: number): void {
    const estimate = this.#estimates.get('concurrency');
    if (estimate === undefined) return;
    const least = Math.max(1, Math.floor(this.#burst * BURST_DECREASE));
    this.#estimates.set('concurrency', Math.min(estimate, Math.max(least, inFlight - 1)));
    this.#settle();
  }

  #raise(measure: 'concurrency' | 'rpm', used: number): void {
    const estimate = this.#estimates.get(measure);
    if (estimate === undefined || used < Math.floor(estimate)) return;
    const raised = estimate + INCREASE[measure](estimate);
    if (raised >= this.#configured[measure]) this.#estimates.delete(measure);
    else this.#estimates.set(measure, raised);
    if (Math.floor(raised) > Math.floor(estimate)) this.#settle();
  }

  #forget(now: number): void {
    for (const [measure, { until }] of this.#named) if (until <= now) this.#named.delete(measure);
    if (this.#loweredAt + BELIEVED_MS <= now) this.#estimates.clear();
    this.#settle();
  }

  #settle(): void {
    const limits: Record<Measure, number> = { ...this.#configured };
    for (const measure of MEASURES) {
      limits[measure] = Math.min(limits[measure], this.#named.get(measure)?.value ?? Number.POSITIVE_INFINITY);
    }
    for (const [measure, value] of this.#estimates) limits[measure] = Math.min(limits[measure], Math.floor(value));
    this.#inForce = limits;
    const ends = [...this.#named.values()].map(({ until }) => until);
    if (this.#estimates.size > 0) ends.push(this.#loweredAt + BELIEVED_MS);
    this.#believedUntil = Math.min(...ends);
  }
}
