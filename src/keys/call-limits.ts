import type { Coordination, Demand, Level, Reservation } from '../coordination/coordination.ts';
import { GatewayError } from '../errors.ts';
import type { InboundKey } from './inbound-key.ts';

/** How a limit stands, as rate limit headers tell it. */
export interface LimitState {
  readonly of: 'requests' | 'tokens';
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until all of it is free again. */
  readonly resetMs: number;
}

export interface TakenLimits {
  readonly states: readonly LimitState[];
  /** Gives the place back, and says how many tokens it really were; 'undone': the call never was. Never throws. */
  end(tokens: number | 'undone'): Promise<void>;
}

type Rule = 'rpm' | 'tpm' | 'concurrency';
type Limited = { readonly rule: Rule; readonly demand: Demand & { readonly limit: number } };

const MINUTE_MS = 60_000;
/** Nobody knows when a call under way will end. */
const BUSY_RETRY_MS = 1_000;
const NOTHING: TakenLimits = { states: [], end: async () => {} };

/** Takes a request, its tokens and a place, all or nothing. Throws key_rate_limited and key_busy. */
export async function takeLimits(coordination: Coordination, key: InboundKey, tokens: number): Promise<TakenLimits> {
  const limits = demandsOf(key, tokens);
  if (limits.length === 0) return NOTHING;
  const reservation = await coordination.reserve(limits.map(({ demand }) => demand));
  const states = limits.flatMap((limit, index) => toState(limit, reservation.levels[index]));
  if (!reservation.granted) throw refusal(key, limits, states, reservation);
  return {
    states,
    end: (real) =>
      reservation.end(
        limits.map(({ rule }) => (rule === 'tpm' ? (real === 'undone' ? 0 : real) : real === 'undone' ? 0 : undefined)),
      ),
  };
}

/** How the windows of a key stand. */
export async function readLimits(coordination: Coordination, key: InboundKey): Promise<readonly LimitState[]> {
  const windows = demandsOf(key, 0).filter(({ rule }) => rule !== 'concurrency');
  if (windows.length === 0) return [];
  const { levels } = await coordination.reserve(windows.map(({ demand }) => ({ ...demand, amount: 0 })));
  return windows.flatMap((limit, index) => toState(limit, levels[index]));
}

function demandsOf({ id, rules: { rpm, tpm, concurrency } }: InboundKey, tokens: number): readonly Limited[] {
  const window = (rule: Rule, limit: number, amount: number): Limited => ({
    rule,
    demand: { kind: 'window', key: `${rule}:${id}`, amount, limit, windowMs: MINUTE_MS },
  });
  return [
    ...(rpm === undefined ? [] : [window('rpm', rpm, 1)]),
    // A call that is larger than the limit itself has the minute for itself; its real size is counted behind it.
    ...(tpm === undefined ? [] : [window('tpm', tpm, Math.min(Math.ceil(tokens), tpm))]),
    ...(concurrency === undefined
      ? []
      : [{ rule: 'concurrency', demand: { kind: 'slot', key: `key:${id}`, limit: concurrency } } as const]),
  ];
}

function toState({ rule, demand }: Limited, level: Level | undefined): LimitState[] {
  if (level === undefined || rule === 'concurrency') return [];
  const remaining = Math.max(0, demand.limit - level.used);
  return [{ of: rule === 'rpm' ? 'requests' : 'tokens', limit: demand.limit, remaining, resetMs: level.resetMs }];
}

type Denied = Extract<Reservation, { granted: false }>;

const WORDS: Readonly<Record<Rule, string>> = {
  rpm: 'requests in a minute',
  tpm: 'tokens in a minute',
  concurrency: 'requests at once',
};

function refusal(
  key: InboundKey,
  limits: readonly Limited[],
  states: readonly LimitState[],
  { denied, retryAfterMs }: Denied,
): LimitRefusal {
  const { rule, demand } = limits[denied] ?? { rule: 'rpm' as const, demand: { limit: 0 } };
  const wait = Math.max(retryAfterMs, BUSY_RETRY_MS);
  const details = {
    message: `The key "${key.name}" may make ${demand.limit} ${WORDS[rule]}, and has.`,
    extra: { limit: rule },
    retryAfterMs: wait,
  };
  return new LimitRefusal(rule === 'concurrency' ? 'key_busy' : 'key_rate_limited', details, states);
}

/** A refusal that tells in its headers how the limits stand. */
export class LimitRefusal extends GatewayError {
  readonly states: readonly LimitState[];

  constructor(
    code: 'key_busy' | 'key_rate_limited',
    details: ConstructorParameters<typeof GatewayError>[1],
    states: readonly LimitState[],
  ) {
    super(code, details);
    this.states = states;
  }
}
