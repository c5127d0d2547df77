/**
 * What is hot and shared by replicas: limits, slots, locks, short-lived values, messages. One process keeps it in its
 * memory; a fleet keeps it in Redis or Valkey. Nothing here lasts: what must last is in the database.
 */
export interface Coordination {
  readonly kind: 'process' | 'redis';
  /** False while the shared engine is lost and every process counts for itself. Always true for one process. */
  readonly shared: boolean;
  /** How often the shared engine was lost since the start, for metrics. */
  readonly losses: number;

  /** Takes all that is demanded, or nothing. The keys of one call must differ. */
  reserve(demands: readonly Demand[]): Promise<Reservation>;

  /**
   * Waits for the lock of `key`, in turn. A lock is renewed until it is released; that of a process that died is free
   * after `LOCK_TTL_MS`.
   */
  lock(key: string, options: LockOptions): Promise<LockOutcome>;

  /** A value that was set and has not expired. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Adds one and gives the sum; the first one begins the time after which it counts from zero again. */
  increment(key: string, ttlMs: number): Promise<number>;

  /** Reaches every process that listens, this one too. Who is not connected just then misses it. */
  publish(channel: string, message: string): Promise<void>;
  /** The returned function ends it. */
  subscribe(channel: string, listener: Listener): () => void;

  close(): Promise<void>;
}

/** Something of which only so much may be taken. Amounts and limits are whole numbers; no limit: only counted. */
export type Demand =
  /** In any `windowMs` at most `limit`: requests or tokens per minute. */
  | {
      readonly kind: 'window';
      readonly key: string;
      readonly amount: number;
      readonly limit?: number;
      readonly windowMs: number;
    }
  /** Until `endsAt` at most `limit`: a day or a month of the calendar, which the key names. */
  | {
      readonly kind: 'period';
      readonly key: string;
      readonly amount: number;
      readonly limit?: number;
      readonly endsAt: number;
    }
  /** One of `limit` places at the same time, held until `end`; those of a process that died are free after `SLOT_TTL_MS`. */
  | { readonly kind: 'slot'; readonly key: string; readonly limit?: number };

/** How one demand stands, in the order of the demands. */
export interface Level {
  /** What is taken, this reservation included if it was granted. */
  readonly used: number;
  /** Milliseconds until nothing of it is left; 0 for slots. */
  readonly resetMs: number;
}

export type Reservation =
  | {
      readonly granted: true;
      readonly levels: readonly Level[];
      /**
       * Gives the slots back and, where the real amounts are told (in the order of the demands), corrects what was
       * taken. Only the first call counts; it never throws.
       */
      end(amounts?: readonly (number | undefined)[]): Promise<void>;
    }
  | {
      readonly granted: false;
      readonly levels: readonly Level[];
      /** The index of the first demand that did not fit. */
      readonly denied: number;
      /** Until it can fit at the earliest; 0 where nobody knows (slots, or more than the limit itself). */
      readonly retryAfterMs: number;
    };

export interface LockOptions {
  /** The longest wait, milliseconds. */
  readonly waitMs: number;
  /** How many of this process may wait for the same key at once. */
  readonly queue: number;
  readonly signal?: AbortSignal;
}

export type LockOutcome = HeldLock | { readonly held: false; readonly why: 'queue-full' | 'too-late' | 'aborted' };

export interface HeldLock {
  readonly held: true;
  /**
   * Grows with each holder of any lock, over all processes and restarts. Write it with the rows that the lock protects
   * and refuse a smaller one: a holder that was stopped for long must not overwrite its successor.
   */
  readonly fence: number;
  /** Aborted when another process has got the lock, because this one could not renew it in time. */
  readonly lost: AbortSignal;
  /** Never throws. */
  release(): Promise<void>;
}

export interface Listener {
  message(text: string): void;
  /** Messages may have been missed: what was kept because of them is to be dropped. */
  gap(): void;
}

export const SLOT_TTL_MS = 30_000;
export const LOCK_TTL_MS = 15_000;
/** A rolling window is counted in this many slices; one more is kept, so that no window ever holds too much. */
export const SLICES = 12;
