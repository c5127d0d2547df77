import { tooMany } from '../refusal.ts';
import type { Limits } from './tiers.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Which wording a limit's 429 has: today's one sentence, or the older ones that name the measure. */
export type RateLimitTexts = 'current' | 'named';

/** A sum over a sliding span of time, kept in at most `SLOTS` steps so that it stays small at any rate. */
const SLOTS = 60;

class SlidingSum {
  readonly #spanMs: number;
  readonly #slots = new Map<number, number>();

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(now: number, amount: number): void {
    const slot = Math.floor(now / (this.#spanMs / SLOTS));
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + amount);
  }

  total(now: number): number {
    const oldest = Math.floor((now - this.#spanMs) / (this.#spanMs / SLOTS));
    let sum = 0;
    for (const [slot, amount] of this.#slots) {
      if (slot <= oldest) this.#slots.delete(slot);
      else sum += amount;
    }
    return sum;
  }
}

/** The four measures of an account: requests at once, requests a minute, tokens a minute, tokens a day. */
export class Limiter {
  inFlight = 0;
  readonly #requests = new SlidingSum(MINUTE);
  readonly #minuteTokens = new SlidingSum(MINUTE);
  readonly #dayTokens = new SlidingSum(DAY);
  readonly #now: () => number;
  readonly #texts: RateLimitTexts;

  constructor(now: () => number, texts: RateLimitTexts) {
    this.#now = now;
    this.#texts = texts;
  }

  /** Throws the 429, or counts the request in; the caller must `leave` afterwards. */
  enter(limits: Limits, owner: string): void {
    const now = this.#now();
    const measures: readonly [string, number, number][] = [
      ['concurrency', this.inFlight, limits.concurrency],
      ['RPM', this.#requests.total(now), limits.rpm],
      ['TPM', this.#minuteTokens.total(now), limits.tpm],
      ['TPD', this.#dayTokens.total(now), limits.tpd],
    ];
    for (const [name, used, limit] of measures) {
      if (used >= limit) throw tooMany('rate_limit_reached_error', this.#text(name, limit, owner));
    }
    this.inFlight += 1;
    this.#requests.add(now, 1);
  }

  /** Whether the limit is charged with the requested cap (older docs) or with what was used is not known today; here it is what was used. */
  charge(tokens: number): void {
    this.#minuteTokens.add(this.#now(), tokens);
    this.#dayTokens.add(this.#now(), tokens);
  }

  leave(): void {
    this.inFlight -= 1;
  }

  #text(name: string, limit: number, owner: string): string {
    if (this.#texts === 'current') return 'Organization Rate limit exceeded, please try again after 1 seconds';
    return `Your account ${owner} request reached organization max ${name}: ${limit}, please try again after 1 seconds`;
  }
}
