import type { Clock } from '../clock.ts';
import { type ErrorCode, GatewayError } from '../errors.ts';

/** So many wrong keys in a row, and the address has to wait; each further one doubles the wait. */
const TRIES = 5;
const FIRST_MS = 60_000;
const LONGEST_MS = 60 * 60_000;
/** Addresses are remembered up to here; the one that failed longest ago goes first. */
const PEERS_KEPT = 10_000;

interface Record {
  readonly failures: number;
  readonly lockedUntil: number;
}

/** Makes guessing a key slow: who fails too often is not listened to for a while. */
export class Lockout {
  readonly #clock: Clock;
  readonly #code: ErrorCode;
  readonly #failed = new Map<string, Record>();

  /** `code`: what is thrown at those who are locked out. */
  constructor(clock: Clock, code: ErrorCode) {
    this.#clock = clock;
    this.#code = code;
  }

  /** Throws while the address is locked out. */
  check(peer: string): void {
    const left = (this.#failed.get(peer)?.lockedUntil ?? 0) - this.#clock.ticks();
    if (left > 0) throw new GatewayError(this.#code, { retryAfterMs: left });
  }

  failed(peer: string): void {
    const failures = (this.#failed.get(peer)?.failures ?? 0) + 1;
    const over = failures - TRIES;
    const ms = over < 0 ? 0 : Math.min(FIRST_MS * 2 ** Math.min(over, 20), LONGEST_MS);
    this.#failed.delete(peer);
    this.#failed.set(peer, { failures, lockedUntil: this.#clock.ticks() + ms });
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > PEERS_KEPT && oldest !== undefined) this.#failed.delete(oldest);
  }

  passed(peer: string): void {
    this.#failed.delete(peer);
  }
}
