import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Coordination, Demand, Listener, LockOptions, LockOutcome, Reservation } from '../coordination.ts';
import { Listeners } from '../process/listeners.ts';
import { LocalLocks } from '../process/local-locks.ts';
import { ProcessCoordination } from '../process/process-coordination.ts';
import type { RedisConnection } from './redis-connection.ts';
import { RedisLocks } from './redis-locks.ts';
import { RedisReservations } from './redis-reservations.ts';

const PREFIX = 'moongate:';
/** How long the first request waits for the first connection. */
const FIRST_CONNECT_MS = 2_000;
/** A server that is there and refuses, because it is full or a replica, is not told for every command. */
const QUIET_MS = 10_000;

export interface RedisParts {
  /** Holds a password: it is never printed. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Shared by all processes that use the same server: Redis or Valkey, one address, no cluster. While the server is lost
 * this process answers from its own memory, which is told in the log and counted; it comes back by itself.
 */
export class RedisCoordination implements Coordination {
  readonly kind = 'redis';
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #alone: ProcessCoordination;
  readonly #queues: LocalLocks;
  #server: Server | undefined;
  readonly #listeners = new Listeners();
  readonly #first: Promise<void>;
  #connected: () => void = () => {};
  #isShared = false;
  #isClosed = false;
  #losses = 0;
  /** Channels that the server was asked for. */
  readonly #listening = new Set<string>();
  #quietUntil = 0;

  constructor({ url, clock, log }: RedisParts) {
    this.#clock = clock;
    this.#log = log;
    this.#alone = new ProcessCoordination(clock);
    this.#queues = new LocalLocks(clock);
    this.#first = new Promise((resolve) => {
      const cancel = clock.after(FIRST_CONNECT_MS, resolve);
      this.#connected = () => {
        cancel();
        resolve();
      };
    });
    void this.#connect(url);
  }

  get shared(): boolean {
    return this.#isShared;
  }

  get losses(): number {
    return this.#losses;
  }

  reserve(demands: readonly Demand[]): Promise<Reservation> {
    return this.#ask(
      ({ reservations }) => reservations.reserve(demands),
      () => this.#alone.reserve(demands),
    );
  }

  async lock(key: string, options: LockOptions): Promise<LockOutcome> {
    const began = this.#clock.ticks();
    const leave = await this.#queues.acquire(key, options);
    if (typeof leave === 'string') return { held: false, why: leave };
    const waitMs = Math.max(0, options.waitMs - (this.#clock.ticks() - began));
    const outcome = await this.#ask(
      ({ locks }) => locks.acquire(key, { ...options, waitMs }),
      async () => undefined,
    );
    if (typeof outcome === 'string') {
      leave();
      return { held: false, why: outcome };
    }
    let isHeld = true;
    const release = async () => {
      if (!isHeld) return;
      isHeld = false;
      await outcome?.release();
      leave();
    };
    const { fence = this.#alone.nextFence(), lost = new AbortController().signal } = outcome ?? {};
    return { held: true, fence, lost, release };
  }

  get(key: string): Promise<string | undefined> {
    return this.#ask(
      async ({ connection }) => ((await connection.send('GET', `${PREFIX}value:${key}`)) as string | null) ?? undefined,
      () => this.#alone.get(key),
    );
  }

  /** Kept here as well, for the time when this process is alone. */
  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#alone.set(key, value, ttlMs);
    await this.#ask<unknown>(
      ({ connection }) => connection.send('SET', `${PREFIX}value:${key}`, value, 'PX', String(Math.ceil(ttlMs))),
      async () => {},
    );
  }

  async delete(key: string): Promise<void> {
    await this.#alone.delete(key);
    await this.#ask<unknown>(
      ({ connection }) => connection.send('DEL', `${PREFIX}value:${key}`),
      async () => {},
    );
  }

  increment(key: string, ttlMs: number): Promise<number> {
    return this.#ask(
      async ({ connection }) =>
        Number(await connection.run(INCREMENT, [`${PREFIX}value:${key}`], [String(Math.ceil(ttlMs))])),
      () => this.#alone.increment(key, ttlMs),
    );
  }

  publish(channel: string, message: string): Promise<void> {
    return this.#ask(
      async ({ connection }) => {
        await connection.send('PUBLISH', `${PREFIX}channel:${channel}`, message);
      },
      async () => this.#listeners.tell(channel, message),
    );
  }

  subscribe(channel: string, listener: Listener): () => void {
    if (this.#listeners.add(channel, listener)) void this.#listen(channel);
    return () => {
      if (!this.#listeners.remove(channel, listener)) return;
      this.#listening.delete(channel);
      this.#server?.connection.unlisten(`${PREFIX}channel:${channel}`).catch(() => {});
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connected();
    this.#server?.reservations.close();
    this.#server?.connection.close();
  }

  /** The client library takes as long to load as the rest of the program, so nothing waits for it. */
  async #connect(url: string): Promise<void> {
    const { RedisConnection } = await import('./redis-connection.ts');
    if (this.#isClosed) return;
    const events = { ready: () => this.#found(), lost: (cause: Error) => this.#lost(cause) };
    const connection = new RedisConnection(url, events);
    const locks = new RedisLocks(connection, this.#clock, PREFIX);
    const reservations = new RedisReservations(connection, this.#clock, PREFIX);
    this.#server = { connection, locks, reservations };
    // Nobody is woken before it is there: who waits for a lock looks by itself as well.
    await connection.listen(locks.channel, (lock) => locks.freed(lock)).catch(() => {});
  }

  async #ask<T>(shared: (server: Server) => Promise<T>, alone: () => Promise<T>): Promise<T> {
    if (!this.#isShared) await this.#first;
    if (!this.#isShared || !this.#server) return alone();
    try {
      return await shared(this.#server);
    } catch (cause) {
      this.#failed(cause instanceof Error ? cause : new Error(String(cause)));
      return alone();
    }
  }

  /** Once asked for, the client asks again by itself whenever it connects. */
  async #listen(channel: string): Promise<void> {
    if (!this.#isShared || this.#listening.has(channel)) return;
    this.#listening.add(channel);
    const told = (message: string) => this.#listeners.tell(channel, message);
    await this.#server?.connection
      .listen(`${PREFIX}channel:${channel}`, told)
      .catch(() => this.#listening.delete(channel));
  }

  #found(): void {
    if (this.#isShared || this.#server?.connection.ready !== true) return;
    this.#isShared = true;
    this.#connected();
    for (const channel of this.#listeners.channels()) void this.#listen(channel);
    if (this.#losses === 0) return;
    this.#log.warn({}, 'the coordination server is back');
    this.#listeners.tellGap();
  }

  #failed(cause: Error): void {
    if (this.#server?.connection.ready !== true) {
      this.#lost(cause);
      return;
    }
    const now = this.#clock.now();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + QUIET_MS;
    this.#log.error({ why: cause.message }, 'the coordination server refuses: this process answers alone');
  }

  /** Told once for each loss. */
  #lost(cause: Error): void {
    if (this.#isClosed || this.#server?.connection.ready === true) return;
    this.#connected();
    if (!this.#isShared && this.#losses > 0) return;
    this.#isShared = false;
    this.#losses++;
    this.#log.error({ why: cause.message }, 'the coordination server is lost: limits hold for each process alone');
  }
}

interface Server {
  readonly connection: RedisConnection;
  readonly locks: RedisLocks;
  readonly reservations: RedisReservations;
}

const INCREMENT = {
  name: 'increment',
  text: `
local sum = redis.call('INCR', KEYS[1])
if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return sum
`,
};
