import type { Clock } from '../../clock.ts';
import { type HeldLock, LOCK_TTL_MS, type LockOptions } from '../coordination.ts';
import { ACQUIRE, RELEASE, RENEW } from './lock-scripts.ts';
import type { RedisConnection } from './redis-connection.ts';

/** Who waits is woken by a message; this is for the ones that get lost, and for holders that died. */
const POLL_MS = 250;
/** A place in the line that was not asked for again is given up after this. */
const PATIENCE_MS = 5 * POLL_MS;

/** The locks between processes. Inside a process LocalLocks keep the order, so only one of each asks here for a key. */
export class RedisLocks {
  readonly #connection: RedisConnection;
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #wake = new Map<string, () => void>();

  constructor(connection: RedisConnection, clock: Clock, prefix: string) {
    this.#connection = connection;
    this.#clock = clock;
    this.#prefix = prefix;
  }

  /** On which locks that are free again are told. */
  get channel(): string {
    return `${this.#prefix}freed`;
  }

  freed(lock: string): void {
    this.#wake.get(lock)?.();
  }

  /** Throws where the server cannot be asked. */
  async acquire(key: string, { waitMs, signal }: LockOptions): Promise<HeldLock | 'too-late' | 'aborted'> {
    const names = [`${this.#prefix}lock:${key}`, `${this.#prefix}line:${key}`] as const;
    const token = `${process.pid}-${this.#clock.id()}`;
    const end = this.#clock.ticks() + waitMs;
    for (;;) {
      const args = [token, String(LOCK_TTL_MS), String(PATIENCE_MS)];
      const fence = Number(await this.#connection.run(ACQUIRE, [...names, `${this.#prefix}fence`], args));
      if (fence > 0) return this.#held(names, token, fence);
      const left = end - this.#clock.ticks();
      if (left <= 0 || signal?.aborted) {
        await this.#give(names, token);
        return signal?.aborted ? 'aborted' : 'too-late';
      }
      await this.#pause(names[0], Math.min(POLL_MS, left), signal);
    }
  }

  #held(names: readonly [string, string], token: string, fence: number): HeldLock {
    const lost = new AbortController();
    let isHeld = true;
    let cancel = () => {};
    const renew = async () => {
      const args = [token, String(LOCK_TTL_MS)];
      // A server that cannot be asked has not given the lock to anybody else either, or the fence will tell.
      const isOurs = await this.#connection.run(RENEW, [names[0]], args).catch(() => 1);
      if (!isHeld) return this.#give(names, token);
      if (isOurs !== 1) lost.abort();
      else schedule();
    };
    const schedule = () => {
      cancel = this.#clock.after(LOCK_TTL_MS / 3, () => void renew());
    };
    schedule();
    return {
      held: true,
      fence,
      lost: lost.signal,
      release: async () => {
        if (!isHeld) return;
        isHeld = false;
        cancel();
        await this.#give(names, token);
      },
    };
  }

  /** What cannot be given back expires. */
  async #give(names: readonly [string, string], token: string): Promise<void> {
    await this.#connection.run(RELEASE, names, [token, this.channel]).catch(() => {});
  }

  #pause(lock: string, ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        signal?.removeEventListener('abort', end);
        if (this.#wake.get(lock) === end) this.#wake.delete(lock);
        resolve();
      };
      const cancel = this.#clock.after(ms, end);
      signal?.addEventListener('abort', end, { once: true });
      this.#wake.set(lock, end);
    });
  }
}
