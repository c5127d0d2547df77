import { actionOf } from '../atlas/index.ts';
import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';
import type { LeaseBook } from './lease-book.ts';
import { noteFailure } from './note-failure.ts';
import { noPlace } from './refusals.ts';
import type { Rest } from './rest.ts';
import type { Roster } from './roster.ts';
import type { Slot } from './slot.ts';

export interface ErrandRequest {
  readonly surface: string;
  /** By its id in the view; nobody else can do it. */
  readonly account: string;
  readonly signal: Signal;
  /** How long a rest may be waited for, milliseconds. */
  readonly waitMs: number;
}

/**
 * A call that asks no model: of files, of batches. It takes no place: what the platform limits is inference, batches "do
 * not count against the rate" (platform docs, batch page), and places that it took would be missing for chat. But whoever
 * rests is left alone, and its failure is one of the credential.
 */
export class Errand {
  readonly credential: Credential;
  readonly #slot: Slot;
  readonly #book: LeaseBook;
  readonly #call: number;

  constructor(slot: Slot, book: LeaseBook) {
    this.credential = slot.credential;
    this.#slot = slot;
    this.#book = book;
    this.#call = ++book.calls.newest;
  }

  /** It proves the credential, and says nothing of what the account may still ask its models. */
  succeeded(): void {
    if (this.#slot.rest.succeeded(this.#call)) this.#book.rests();
  }

  failed(error: GatewayError): void {
    // Files may be forbidden to a key that may ask models.
    if (error.code === 'client_closed' || actionOf(error) === 'look_again') return;
    noteFailure(error, { slot: this.#slot, model: undefined, call: this.#call }, this.#book);
    this.#book.failed(this.#slot, error);
  }
}

/** Waits until one of the account's credentials may be asked. Throws all_resting, client_closed. */
export async function setOut(request: ErrandRequest, roster: Roster, book: LeaseBook): Promise<Errand> {
  const { surface, account, signal, waitMs } = request;
  const { clock } = book;
  const until = clock.ticks() + waitMs;
  for (;;) {
    if (signal.aborted) throw new GatewayError('client_closed');
    const slots = roster.slotsOf(surface).filter((slot) => slot.account.id === account);
    const [first, ms = Number.POSITIVE_INFINITY] = soonest(slots, clock.now());
    if (first && ms === 0) return new Errand(first, book);
    const left = until - clock.ticks();
    if (ms > left) {
      const reasons = slots.flatMap((slot) => slot.reasons(undefined));
      throw noPlace(left, { rests: ms, soonest: ms, change: ms }, [...new Set(reasons)]);
    }
    await pause(clock, ms, signal);
  }
}

function soonest(slots: readonly Slot[], now: number): readonly [Slot?, number?] {
  const free = slots.map((slot) => [slot, restsFor(slot, now)] as const);
  return free.sort(([, one], [, other]) => (one === other ? 0 : one - other))[0] ?? [];
}

function restsFor({ enabled, rest, account }: Slot, now: number): number {
  return enabled ? Math.max(concerns(rest, now), concerns(account.rest, now)) : Number.POSITIVE_INFINITY;
}

/** An account without money still has its files, which can be read and deleted. */
function concerns(rest: Rest, now: number): number {
  return rest.record?.because === 'quota_exhausted' ? 0 : rest.freeIn(now);
}

function pause(clock: Clock, ms: number, signal: Signal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
