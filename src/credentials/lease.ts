import { type Action, actionOf, blameOf } from '../atlas/index.ts';
import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import type { ErrorCode, GatewayError } from '../errors.ts';
import { restAfter, restScope } from './cool-down.ts';
import { limitInSentence, limitsInHeaders } from './named-limit.ts';
import type { Rest } from './rest.ts';
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

/** Tokens of an answer, as surfaces tell them. */
export interface UsedTokens {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
}

export interface LeaseTerms {
  /** Index into the request's targets. */
  readonly target: number;
  readonly model: string | undefined;
  /** When it was let in, ticks. */
  readonly admittedAt: number;
  /** What was reserved for it. */
  readonly tokens: number;
}

/** The answer had begun, so it was paid for; other failures cost nothing ("not billed": platform docs, errors page). */
const PAID: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'stream_cut',
  'idle_timeout',
  'total_timeout',
  'upstream_garbled',
  'upstream_too_long',
]);

/** A credential that is lent for one call. It is given back once, by whichever of its ends comes first. */
export class Lease {
  readonly credential: Credential;
  /** Index of the target that it is for. */
  readonly target: number;
  readonly #slot: Slot;
  readonly #terms: LeaseTerms;
  readonly #book: LeaseBook;
  readonly #call: number;
  #open = true;

  /** The place must be free: the slot ready, its gate open. */
  constructor(slot: Slot, terms: LeaseTerms, book: LeaseBook) {
    this.credential = slot.credential;
    this.target = terms.target;
    this.#slot = slot;
    this.#terms = terms;
    this.#book = book;
    this.#call = ++book.calls.newest;
    book.open++;
    slot.inFlight++;
    slot.lastCall = this.#call;
    slot.rest.pass(this.#call);
    slot.account.rest.pass(this.#call);
    slot.account.gate.enter(terms.admittedAt, terms.tokens);
  }

  /**
   * The head of an answer is there: proof enough that the cause of a rest is gone, so that nobody has to wait for the
   * end of a long one. Some surfaces tell their limits in it.
   */
  heard(headers: Readonly<Record<string, string | readonly string[] | undefined>>): void {
    if (!this.#open) return;
    this.#endRests();
    const told = limitsInHeaders(headers);
    if (!told) return;
    const now = this.#book.clock.ticks();
    for (const limit of told) this.#slot.account.gate.limits.named(limit, now);
  }

  /** One more request of this call: it is counted, and 0 means that it may go; else how long to wait, milliseconds. */
  again(): number {
    return this.#open ? this.#slot.account.gate.again(this.#book.clock.ticks()) : 0;
  }

  /** What an answer cost that is not the last one of this call. */
  spent(usage: UsedTokens | undefined): void {
    const tokens = (usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0);
    if (this.#open && tokens > 0) this.#slot.account.gate.spent(this.#book.clock.ticks(), tokens);
  }

  succeeded(usage?: UsedTokens | undefined): void {
    if (!this.#open) return;
    const { account } = this.#slot;
    const now = this.#book.clock.ticks();
    const answer = usage?.completion_tokens ?? undefined;
    const used = answer === undefined ? this.#terms.tokens : (usage?.prompt_tokens ?? 0) + answer;
    account.gate.served(now, this.#terms.admittedAt, answer);
    this.#slot.served++;
    this.#endRests();
    this.#close(now, used);
  }

  failed(error: GatewayError): void {
    if (error.code === 'client_closed') this.released();
    if (!this.#open) return;
    const { clock } = this.#book;
    const { code } = error;
    const now = clock.ticks();
    this.#learn(code, error.message, now);
    // What lies with the request says nothing about whoever was asked.
    if (blameOf(error) !== 'request') {
      this.#slot.failed++;
      this.#slot.lastError = { code, at: clock.now() };
    }
    this.#beginRest(error);
    this.#close(now, PAID.has(code) ? this.#terms.tokens : 0);
    this.#book.failed(this.#slot, error);
  }

  /** Neither: the client left, or the failure says nothing about the credential. */
  released(): void {
    if (this.#open) this.#close(this.#book.clock.ticks(), this.#terms.tokens);
  }

  #endRests(): void {
    const { account, rest, models } = this.#slot;
    let ended = rest.succeeded(this.#call);
    if (account.rest.succeeded(this.#call)) ended = true;
    if (models.size > 0 && models.get(this.#terms.model ?? '')?.succeeded(this.#call)) ended = true;
    if (!ended) return;
    account.changed();
    this.#book.rests();
  }

  #learn(code: ErrorCode, sentence: string, now: number): void {
    const { gate } = this.#slot.account;
    if (code === 'concurrency_limited') {
      gate.limits.refused(gate.reading(now, this.#terms.admittedAt), 'concurrency');
    } else if (code === 'rate_limited') {
      const named = limitInSentence(sentence);
      if (named) gate.limits.named(named, now);
      else gate.limits.refused(gate.reading(now, this.#terms.admittedAt));
    }
  }

  #beginRest(error: GatewayError): void {
    const action = actionOf(error);
    const rest = this.#restFor(action);
    if (!rest) return;
    const { code, details } = error;
    const { clock, calls } = this.#book;
    const failures = rest.failuresWith(code, this.#call);
    const decision = restAfter(action, { failures, askedMs: details.retryAfterMs, random: clock.random() });
    if (!decision) return;
    rest.begin(code, decision, clock.now(), this.#call, calls.newest);
    this.#book.rests();
  }

  #restFor(action: Action): Rest | undefined {
    const scope = restScope(action);
    if (scope === 'credential') return this.#slot.rest;
    if (scope === 'account') return this.#slot.account.rest;
    if (scope === 'model' && this.#terms.model !== undefined) return this.#slot.restOf(this.#terms.model);
    return undefined;
  }

  #close(now: number, usedTokens: number): void {
    const { account, rest } = this.#slot;
    this.#open = false;
    this.#book.open--;
    this.#slot.inFlight--;
    rest.ended(this.#call);
    account.rest.ended(this.#call);
    account.gate.leave(now, this.#terms.tokens, usedTokens);
    account.changed();
  }
}
