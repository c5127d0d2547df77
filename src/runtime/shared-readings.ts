import type { Coordination } from '../state.ts';
import type { QuotaReading } from '../upstreams/quota.ts';

/** A quota as some replica has read it. */
export interface SharedReading {
  /** Milliseconds since the epoch, by that one's clock. */
  readonly at: number;
  readonly reading: QuotaReading | undefined;
}

/** What replicas have read of quotas: more of them do not ask a vendor more often. */
export class SharedReadings {
  readonly #coordination: Coordination;

  constructor(coordination: Coordination) {
    this.#coordination = coordination;
  }

  async find(account: string): Promise<SharedReading | undefined> {
    const text = await this.#coordination.get(keyOf(account));
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text, (_name, value: unknown) =>
        value === NEVER ? Number.POSITIVE_INFINITY : value,
      ) as SharedReading;
    } catch {
      return undefined;
    }
  }

  async keep(account: string, reading: SharedReading, ttlMs: number): Promise<void> {
    // JSON has no Infinity.
    const text = JSON.stringify(reading, (_name, value: unknown) =>
      value === Number.POSITIVE_INFINITY ? NEVER : value,
    );
    await this.#coordination.set(keyOf(account), text, ttlMs);
  }
}

const NEVER = 'never';

const keyOf = (account: string) => `quota:${account}`;
