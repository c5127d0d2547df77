import type { Credential } from '../credential.ts';
import type { ErrorCode, GatewayError } from '../errors.ts';
import type { LeaseBook } from './lease-book.ts';
import { limitInSentence, limitsInHeaders } from './named-limit.ts';
import { noteFailure } from './note-failure.ts';
import type { SharedGates, SharedPlace } from './shared-gates.ts';
import type { Slot } from './slot.ts';

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

/** What another replica proves is looked at again after this time: it may have ended without a word. */
const PROOF_MS = 1_000;

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
  /** In a fleet, its place at the door that all replicas share. */
  #shared: SharedPlace | undefined;

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

  /** In a fleet, before it is used: false if other replicas hold every place; then it has been taken back. */
  async enter(gates: SharedGates): Promise<boolean> {
    const { clock } = this.#book;
    const place = await gates.enter(this.#slot, this.#call, this.#terms.tokens);
    if (!place.granted) {
      place.proving?.provedElsewhere(clock.now(), PROOF_MS);
      this.undo(place.retryAfterMs);
      return false;
    }
    this.#shared = place;
    this.#slot.account.gate.heardOfUse(clock.ticks(), place.use);
    return true;
  }

  /** As if it had never been lent; nobody needs to ask this account again for so long, milliseconds. */
  undo(retryAfterMs: number): void {
    if (!this.#open) return;
    const { account } = this.#slot;
    this.#shared?.end(undefined);
    this.#shut();
    account.gate.undo(this.#book.clock.ticks(), this.#terms.tokens, retryAfterMs);
    account.changed();
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
    if (!this.#open) return 0;
    const waitMs = this.#slot.account.gate.again(this.#book.clock.ticks());
    if (waitMs === 0) this.#shared?.more(1, 0);
    return waitMs;
  }

  /** What an answer cost that is not the last one of this call. */
  spent(usage: UsedTokens | undefined): void {
    const tokens = (usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0);
    if (!this.#open || tokens === 0) return;
    this.#slot.account.gate.spent(this.#book.clock.ticks(), tokens);
    this.#shared?.more(0, tokens);
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
    noteFailure(error, { slot: this.#slot, model: this.#terms.model, call: this.#call }, this.#book);
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

  #close(now: number, usedTokens: number): void {
    const { account } = this.#slot;
    if (this.#shared !== undefined) account.gate.reopen(now, this.#shared.end(usedTokens));
    this.#shut();
    account.gate.leave(now, this.#terms.tokens, usedTokens);
    account.changed();
  }

  #shut(): void {
    const { account, rest } = this.#slot;
    this.#open = false;
    this.#book.open--;
    this.#slot.inFlight--;
    rest.ended(this.#call);
    account.rest.ended(this.#call);
  }
}
