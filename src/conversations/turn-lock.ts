import type { HeldLock } from '../coordination/coordination.ts';
import type { Signal } from '../signal.ts';

/** The lock of a conversation for the time of one turn: whatever ends the turn early is one signal. */
export class TurnLock {
  readonly fence: number;
  readonly #lock: HeldLock;
  readonly #client: Signal;
  readonly #released: () => void;
  readonly #end = new AbortController();
  readonly #leave = () => this.#end.abort();

  /** `released`: called when the turn is over. */
  constructor(lock: HeldLock, client: Signal, released: () => void) {
    this.fence = lock.fence;
    this.#lock = lock;
    this.#client = client;
    this.#released = released;
    if (client.aborted || lock.lost.aborted) this.#leave();
    client.addEventListener('abort', this.#leave);
    lock.lost.addEventListener('abort', this.#leave);
  }

  /** Aborted when the client leaves, and when another process has got the lock. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  get isLost(): boolean {
    return this.#lock.lost.aborted;
  }

  /** Never throws. The signals live longer than a turn: nothing of it stays with them. */
  release(): Promise<void> {
    this.#released();
    this.#client.removeEventListener('abort', this.#leave);
    this.#lock.lost.removeEventListener('abort', this.#leave);
    return this.#lock.release();
  }
}
