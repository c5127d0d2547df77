import type { Clock } from '../../clock.ts';
import type { LockOptions } from '../coordination.ts';

interface Waiter {
  proceed(): void;
}

/** Locks inside one process, first come, first served. */
export class LocalLocks {
  /** Who holds a key has an entry, with those that wait for it. */
  readonly #held = new Map<string, Waiter[]>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The function that releases it, or why it was not got. */
  async acquire(key: string, options: LockOptions): Promise<(() => void) | 'queue-full' | 'too-late' | 'aborted'> {
    if (options.signal?.aborted) return 'aborted';
    const waiting = this.#held.get(key);
    if (!waiting) {
      this.#held.set(key, []);
      return () => this.#release(key);
    }
    if (waiting.length >= options.queue) return 'queue-full';
    const outcome = await this.#wait(waiting, options);
    return outcome === 'held' ? () => this.#release(key) : outcome;
  }

  #wait(waiting: Waiter[], { waitMs, signal }: LockOptions): Promise<'held' | 'too-late' | 'aborted'> {
    return new Promise((resolve) => {
      const end = (outcome: 'held' | 'too-late' | 'aborted') => {
        const at = waiting.indexOf(waiter);
        if (at >= 0) waiting.splice(at, 1);
        cancel();
        signal?.removeEventListener('abort', aborted);
        resolve(outcome);
      };
      const waiter: Waiter = { proceed: () => end('held') };
      const aborted = () => end('aborted');
      const cancel = this.#clock.after(waitMs, () => end('too-late'));
      signal?.addEventListener('abort', aborted, { once: true });
      waiting.push(waiter);
    });
  }

  #release(key: string): void {
    const waiting = this.#held.get(key);
    const next = waiting?.[0];
    if (next) next.proceed();
    else this.#held.delete(key);
  }
}
