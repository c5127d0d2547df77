import type { Clock } from '../clock.ts';
import type { AccountLimits, Credential } from '../credential.ts';
import { Lease } from './lease.ts';
import type { LeaseRequest } from './lease-request.ts';
import { CredentialPool, type PoolSettings } from './pool.ts';

/** Time that moves when a test says so; timers fire in their order. */
export class StillClock implements Clock {
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();
  #ticks = 0;
  /** What a change of the system's time adds to `now`. */
  skew = Date.UTC(2026, 10, 21);
  chance = 0;

  now = (): number => this.#ticks + this.skew;
  ticks = (): number => this.#ticks;
  id = (): string => 'id';
  random = (): number => this.chance;

  after = (ms: number, action: () => void): (() => void) => {
    const timer = { at: this.#ticks + ms, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time, and lets what was promised meanwhile happen. */
  async advance(ms: number): Promise<void> {
    const end = this.#ticks + ms;
    await settled();
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#ticks = Math.max(this.#ticks, next.at);
      next.action();
      await settled();
    }
    this.#ticks = end;
    await settled();
  }
}

/** Lets every promise that is decided be heard. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

export interface CredentialParts {
  readonly surface?: string;
  readonly account?: string;
  readonly weight?: number;
  readonly limits?: Partial<AccountLimits>;
}

export function credential(id: string, { surface = 's', account = id, ...rest }: CredentialParts = {}): Credential {
  return {
    id,
    surface,
    account,
    secret: { reveal: () => `secret of ${id}`, toString: () => '…' },
    headers: {},
    ...rest,
  };
}

export const NOBODY: ReadonlySet<string> = new Set();

export function request(parts: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    targets: [{ surface: 's', model: 'm' }],
    avoid: NOBODY,
    never: NOBODY,
    signal: new AbortController().signal,
    waitMs: 30_000,
    ...parts,
  };
}

export function poolOf(credentials: readonly Credential[], settings: PoolSettings = {}) {
  const clock = new StillClock();
  const pool = new CredentialPool(credentials, clock, settings);
  /** A lease that is there at once. */
  const take = (parts: Partial<LeaseRequest> = {}): Lease => {
    const lease = pool.lease(request({ waitMs: 0, ...parts }));
    if (lease instanceof Lease) return lease;
    lease.catch(() => {});
    throw new Error('no place is free');
  };
  /** A lease that has to be waited for. */
  const wait = (parts: Partial<LeaseRequest> = {}): Promise<Lease> => {
    const lease = pool.lease(request(parts));
    if (lease instanceof Lease) throw new Error('a place is free');
    return lease;
  };
  const rests = (id: string) =>
    pool
      .view()
      .flatMap(({ credentials: all, accounts }) => all.map((one) => ({ one, accounts })))
      .flatMap(({ one, accounts }) =>
        one.id === id ? [one.rest ?? accounts.find(({ account }) => account === one.account)?.rest] : [],
      )[0];
  return { clock, pool, take, wait, rests };
}
