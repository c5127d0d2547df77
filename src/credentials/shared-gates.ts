import type { Clock } from '../clock.ts';
import type { Coordination, Demand, Reservation } from '../coordination/coordination.ts';
import { DAY, MINUTE } from './gate.ts';
import type { Rest } from './rest.ts';
import { SharedTurns } from './shared-turns.ts';
import type { SharedUse } from './shared-use.ts';
import type { Slot } from './slot.ts';

/** A place that another replica holds may be free again at any moment, and nobody tells: it is asked for this often. */
const ASK_AGAIN_MS = 50;
const ASK_FOR_TOKENS_MS = 1_000;

export interface NoSharedPlace {
  readonly granted: false;
  /** How long nobody of this process needs to ask, milliseconds. */
  readonly retryAfterMs: number;
  /** Another replica is proving whether the cause of this rest is gone. */
  readonly proving?: Rest;
}

interface PlaceParts {
  readonly name: string;
  readonly turns: SharedTurns;
  readonly coordination: Coordination;
  readonly reservation: Extract<Reservation, { granted: true }>;
  readonly demands: readonly Demand[];
}

/** A place at the door that all replicas share. */
export class SharedPlace {
  readonly granted = true;
  readonly #parts: PlaceParts;

  constructor(parts: PlaceParts) {
    this.#parts = parts;
  }

  get use(): SharedUse {
    const [calls, requests] = this.#parts.reservation.levels;
    return { calls: calls?.used ?? 0, requests: requests?.used ?? 0 };
  }

  /** Further requests and tokens of the same call: they have been let in already, and are counted. */
  more(requests: number, tokens: number): void {
    const { name, coordination } = this.#parts;
    const windows = [
      ...(requests > 0 ? [windowOf('rpm', name, requests)] : []),
      ...(tokens > 0 ? [windowOf('tpm', name, tokens), windowOf('tpd', name, tokens)] : []),
    ];
    if (windows.length > 0) void coordination.reserve(windows);
  }

  /**
   * `tokens`: what the call really cost; undefined: it never was. What is asked for next is counted behind it. Gives how
   * long the place is to be left to other replicas, milliseconds.
   */
  end(tokens: number | undefined): number {
    const { name, turns, reservation, demands } = this.#parts;
    const real = ({ kind, key }: Demand) => {
      if (kind === 'slot') return undefined;
      return tokens === undefined ? 0 : isOfTokens(key) ? tokens : undefined;
    };
    void reservation.end(demands.map(real));
    return turns.ended(name);
  }
}

/**
 * The gates of accounts as all replicas together pass them, counted by the coordination engine beside each process's
 * own. Where the engine is lost it answers for this process alone, and so does the own gate.
 */
export class SharedGates {
  readonly #coordination: Coordination;
  readonly #clock: Clock;
  readonly #turns: SharedTurns;

  constructor(coordination: Coordination, clock: Clock) {
    this.#coordination = coordination;
    this.#clock = clock;
    this.#turns = new SharedTurns(coordination, clock);
  }

  start(): void {
    this.#turns.start();
  }

  close(): void {
    this.#turns.close();
  }

  /** `call`: its number; if it proves a rest, only one of all replicas does. */
  async enter(slot: Slot, call: number, tokens: number): Promise<SharedPlace | NoSharedPlace> {
    const name = nameOf(slot);
    const proofs = [
      { rest: slot.rest, key: `proof:${slot.digest}` },
      { rest: slot.account.rest, key: `proof:account ${name}` },
    ].filter(({ rest }) => rest.isProvedBy(call));
    const places = demandsOf(slot, name, tokens, this.#clock.ticks());
    const demands: readonly Demand[] = [
      ...places,
      ...proofs.map(({ key }) => ({ kind: 'slot', key, limit: 1 }) as const),
    ];
    const reservation = await this.#coordination.reserve(demands);
    if (reservation.granted) {
      this.#turns.granted(name);
      const parts = { turns: this.#turns, coordination: this.#coordination };
      return new SharedPlace({ ...parts, name, reservation, demands });
    }
    const { retryAfterMs, denied } = reservation;
    const proving = proofs[denied - places.length]?.rest;
    if (proving) return { granted: false, retryAfterMs: 0, proving };
    if (demands[denied]?.kind === 'slot') this.#turns.denied(name);
    // A request with fewer tokens may fit before this one does.
    const isForTokens = isOfTokens(demands[denied]?.key ?? '');
    const most = isForTokens ? ASK_FOR_TOKENS_MS : Number.POSITIVE_INFINITY;
    return { granted: false, retryAfterMs: Math.min(Math.max(retryAfterMs, ASK_AGAIN_MS), most) };
  }
}

/** Calls and requests are counted where nobody has told a limit too: it may be learned at any moment. */
function demandsOf(slot: Slot, name: string, tokens: number, now: number): readonly Demand[] {
  const { concurrency, rpm, tpm, tpd } = slot.account.gate.limits.inForce(now);
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
export function nameOf(slot: Slot): string {
  const { account, credential } = slot;
  if (account.identity !== undefined) return `${account.surface} ${account.identity}`;
  return slot.mayLearnAccount ? slot.digest : `${account.surface} ${credential.account}`;
}
