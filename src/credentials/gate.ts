import type { AccountLimits } from '../credential.ts';
import { type GateReading, LearnedLimits } from './learned-limits.ts';
import type { SharedUse } from './shared-use.ts';
import { SlidingWindow } from './sliding-window.ts';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
const NONE = Number.POSITIVE_INFINITY;

/** What an answer is expected to cost before the first one was seen. */
const FIRST_ANSWER_TOKENS = 1_000;
/** How much the newest answer moves the running means. */
const MEMORY = 0.1;

const NO_OTHERS: SharedUse = { calls: 0, requests: 0 };

/** The size of a request, as far as it can be known beforehand. */
export interface TokenEstimate {
  readonly prompt: number;
  /** The answer's cap, if the request has one; asked for only where tokens are limited. */
  readonly cap: () => number | undefined;
}

/**
 * The one door to an account. Times are ticks of the steady clock.
 *
 * Requests count when they are let in. Tokens are reserved then and counted when the answer has ended, by its real
 * usage: when exactly the platform charges them is not documented, and this is the latest moment.
 */
export class Gate {
  readonly limits: LearnedLimits;
  /** Calls that were let in and have not left; at most `limits.concurrency`. */
  inFlight = 0;
  /** Tokens that those calls may still cost. */
  #reserved = 0;
  readonly #requests = new SlidingWindow(MINUTE);
  readonly #minuteTokens = new SlidingWindow(MINUTE);
  readonly #dayTokens = new SlidingWindow(DAY);
  /** Until then other replicas hold what this one would need. */
  #closedUntil = 0;
  /** What other replicas had in use when this one asked last. */
  #others: SharedUse = NO_OTHERS;
  /** Running means of what calls take and answers cost. */
  #callMs = 0;
  #answerTokens = FIRST_ANSWER_TOKENS;

  constructor(limits: AccountLimits) {
    this.limits = new LearnedLimits(limits);
  }

  get meanCallMs(): number {
    return this.#callMs;
  }

  countsTokens(now: number): boolean {
    const { tpm, tpd } = this.limits.inForce(now);
    return tpm !== NONE || tpd !== NONE;
  }

  /** Tokens to reserve: the prompt and the cap, or what answers usually cost; 0 where tokens are not limited. */
  sizeOf(estimate: TokenEstimate | undefined, now: number): number {
    if (estimate === undefined || !this.countsTokens(now)) return 0;
    return Math.ceil(estimate.prompt + (estimate.cap() ?? this.#answerTokens));
  }

  admits(now: number, tokens: number): boolean {
    const { concurrency, rpm } = this.limits.inForce(now);
    if (this.inFlight >= concurrency || now < this.#closedUntil) return false;
    if (rpm !== NONE && this.#requests.total(now) >= rpm) return false;
    return this.hasTokens(now, tokens);
  }

  /** A request that is larger than the limit goes when it has the whole window for itself. */
  hasTokens(now: number, tokens: number): boolean {
    const { tpm, tpd } = this.limits.inForce(now);
    const fits = (window: SlidingWindow, limit: number) =>
      limit === NONE || this.#reserved + window.total(now) + Math.min(tokens, limit) <= limit;
    return fits(this.#minuteTokens, tpm) && fits(this.#dayTokens, tpd);
  }

  /** Milliseconds until time alone makes a place free; 0 where that lies with the calls in flight. */
  freeIn(now: number, tokens: number): number {
    const { rpm, tpm, tpd } = this.limits.inForce(now);
    const wait = (window: SlidingWindow, limit: number) => {
      const most = limit - Math.min(tokens, limit) - this.#reserved;
      return limit === NONE || most < 0 ? 0 : window.fallsTo(most, now);
    };
    const forRequests = rpm === NONE ? 0 : this.#requests.fallsTo(rpm - 1, now);
    return Math.max(forRequests, wait(this.#minuteTokens, tpm), wait(this.#dayTokens, tpd), this.#closedUntil - now, 0);
  }

  enter(now: number, tokens: number): void {
    this.inFlight++;
    this.#reserved += tokens;
    this.#requests.add(now, 1);
  }

  /** A call that was let in is taken back, as if it had never been; nobody needs to ask again for so long. */
  undo(now: number, tokens: number, retryAfterMs: number): void {
    this.inFlight--;
    this.#reserved -= tokens;
    this.#requests.add(now, -1);
    if (retryAfterMs > 0) this.#closedUntil = now + retryAfterMs;
  }

  /** What all replicas use together, this one included. */
  heardOfUse(now: number, { calls, requests }: SharedUse): void {
    this.#others = {
      calls: Math.max(0, calls - this.inFlight),
      requests: Math.max(0, requests - this.#requests.total(now)),
    };
  }

  /** A place that this process held is free for all, and for so long for the others alone; milliseconds. */
  reopen(now: number, leftMs: number): void {
    this.#closedUntil = leftMs === 0 ? 0 : now + leftMs;
  }

  /** One more request of a call that is inside: counted if the minute has room, else the milliseconds until it has. */
  again(now: number): number {
    const { rpm } = this.limits.inForce(now);
    if (rpm !== NONE && this.#requests.total(now) >= rpm) return Math.max(1, this.#requests.fallsTo(rpm - 1, now));
    this.#requests.add(now, 1);
    return 0;
  }

  spent(now: number, tokens: number): void {
    this.#minuteTokens.add(now, tokens);
    this.#dayTokens.add(now, tokens);
  }

  /** `used`: what the answer really cost. */
  leave(now: number, reserved: number, used: number): void {
    this.inFlight--;
    this.#reserved -= reserved;
    if (used > 0) this.spent(now, used);
  }

  /** A call that is about to leave succeeded. */
  served(now: number, admittedAt: number, answerTokens: number | undefined): void {
    const callMs = now - admittedAt;
    this.#callMs = this.#callMs === 0 ? callMs : this.#callMs + MEMORY * (callMs - this.#callMs);
    if (answerTokens !== undefined) this.#answerTokens += MEMORY * (answerTokens - this.#answerTokens);
    if (this.limits.estimated) this.limits.served(this.reading(now, admittedAt));
  }

  /** Another door has turned out to lead to the same account: what it counted counts here. */
  absorb(other: Gate, now: number): void {
    this.inFlight += other.inFlight;
    this.#reserved += other.#reserved;
    this.#requests.add(now, other.#requests.total(now));
    this.#minuteTokens.add(now, other.#minuteTokens.total(now));
    this.#dayTokens.add(now, other.#dayTokens.total(now));
  }

  reading(now: number, admittedAt: number): GateReading {
    const { calls, requests } = this.#others;
    return { now, admittedAt, inFlight: this.inFlight + calls, requests: this.#requests.total(now) + requests };
  }

  /** What counts at the moment, tokens with those that are reserved. */
  used(now: number): AccountLimits {
    return {
      concurrency: this.inFlight,
      rpm: this.#requests.total(now),
      tpm: this.#reserved + this.#minuteTokens.total(now),
      tpd: this.#reserved + this.#dayTokens.total(now),
    };
  }
}
