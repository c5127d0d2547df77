import type { Clock } from '../clock.ts';
import type { Coordination, Demand, Reservation } from '../coordination/coordination.ts';
import { DAY, MINUTE } from './gate.ts';
import type { SharedUse } from './shared-use.ts';
import type { Slot } from './slot.ts';

/** A place that another replica holds may be free again at any moment, and nobody tells: it is asked for this often. */
const ASK_AGAIN_MS = 50;
const ASK_FOR_TOKENS_MS = 1_000;

export interface NoSharedPlace {
  readonly granted: false;
  /** How long nobody of this process needs to ask, milliseconds. */
  readonly retryAfterMs: number;
}

/** A place at the door that all replicas share. */
export class SharedPlace {
  readonly granted = true;
  readonly use: SharedUse;
  readonly #gates: SharedGates;
  readonly #slot: Slot;
  readonly #reservation: Extract<Reservation, { granted: true }>;
  readonly #demands: readonly Demand[];

  constructor(
    gates: SharedGates,
    slot: Slot,
    reservation: Extract<Reservation, { granted: true }>,
    demands: readonly Demand[],
  ) {
    const [calls, requests] = reservation.levels;
    this.use = { calls: calls?.used ?? 0, requests: requests?.used ?? 0 };
    this.#gates = gates;
    this.#slot = slot;
    this.#reservation = reservation;
    this.#demands = demands;
  }

  /** Further requests and tokens of the same call. */
  more(requests: number, tokens: number): void {
    this.#gates.count(this.#slot, requests, tokens);
  }

  /** `tokens`: what the call really cost. What is asked for next is counted behind it. */
  end(tokens: number): void {
    void this.#reservation.end(this.#demands.map(({ key }) => (isOfTokens(key) ? tokens : undefined)));
  }

  /** The call never was. */
  undo(): void {
    void this.#reservation.end(this.#demands.map(({ kind }) => (kind === 'slot' ? undefined : 0)));
  }
}

/**
 * The gates of accounts as all replicas together pass them, counted by the coordination engine beside each process's
 * own. Where the engine is lost it answers for this process alone, and so does the own gate.
 */
export class SharedGates {
  readonly #coordination: Coordination;
  readonly #clock: Clock;

  constructor(coordination: Coordination, clock: Clock) {
    this.#coordination = coordination;
    this.#clock = clock;
  }

  async enter(slot: Slot, tokens: number): Promise<SharedPlace | NoSharedPlace> {
    const demands = demandsOf(slot, tokens, this.#clock.ticks());
    const reservation = await this.#coordination.reserve(demands);
    if (reservation.granted) return new SharedPlace(this, slot, reservation, demands);
    const { retryAfterMs, denied } = reservation;
    // A request with fewer tokens may fit before this one does.
    const isForTokens = isOfTokens(demands[denied]?.key ?? '');
    const most = isForTokens ? ASK_FOR_TOKENS_MS : Number.POSITIVE_INFINITY;
    return { granted: false, retryAfterMs: Math.min(Math.max(retryAfterMs, ASK_AGAIN_MS), most) };
  }

  /** Counts what has been let in already. */
  count(slot: Slot, requests: number, tokens: number): void {
    const name = nameOf(slot);
    const windows = [
      ...(requests > 0 ? [windowOf('rpm', name, requests)] : []),
      ...(tokens > 0 ? [windowOf('tpm', name, tokens), windowOf('tpd', name, tokens)] : []),
    ];
    if (windows.length > 0) void this.#coordination.reserve(windows);
  }
}

/** Calls and requests are counted where nobody has told a limit too: it may be learned at any moment. */
function demandsOf(slot: Slot, tokens: number, now: number): readonly Demand[] {
  const { concurrency, rpm, tpm, tpd } = slot.account.gate.limits.inForce(now);
  const name = nameOf(slot);
  const ofTokens = (measure: 'tpm' | 'tpd', limit: number): Demand[] =>
    // One that is larger than the limit has the whole window for itself; its real size is counted behind it.
    tokens > 0 ? [{ ...windowOf(measure, name, Math.min(tokens, limit)), ...limited(limit) }] : [];
  return [
    { kind: 'slot', key: `account:${name}`, ...limited(concurrency) },
    { ...windowOf('rpm', name, 1), ...limited(rpm) },
    ...ofTokens('tpm', tpm),
    ...ofTokens('tpd', tpd),
  ];
}

function windowOf(measure: 'rpm' | 'tpm' | 'tpd', name: string, amount: number) {
  const windowMs = measure === 'tpd' ? DAY : MINUTE;
  return { kind: 'window', key: `account-${measure}:${name}`, amount: Math.ceil(amount), windowMs } as const;
}

const isOfTokens = (key: string) => key.startsWith('account-tp');

const limited = (limit: number) => (Number.isFinite(limit) ? { limit: Math.floor(limit) } : {});

/** The same in every replica: by what the vendor or the configuration calls the account, else by the one credential. */
function nameOf(slot: Slot): string {
  const { account, credential } = slot;
  if (account.identity !== undefined) return `${account.surface} ${account.identity}`;
  return slot.mayLearnAccount ? slot.digest : `${account.surface} ${credential.account}`;
}
