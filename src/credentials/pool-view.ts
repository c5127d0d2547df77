import type { AccountLimits } from '../credential.ts';
import type { ErrorCode } from '../errors.ts';
import type { Account } from './account.ts';
import type { Rest, RestRecord } from './rest.ts';
import type { Slot } from './slot.ts';
import type { StrategyName } from './strategies/strategy.ts';
import type { Moment, SurfaceGroup } from './surface-group.ts';

/** The state of a pool as people may see it: secrets are masked. */
export type PoolView = readonly SurfaceView[];

export interface SurfaceView {
  readonly surface: string;
  readonly strategy: StrategyName;
  /** Requests that wait for a place here; one that several surfaces could serve is counted in each. */
  readonly waiting: number;
  readonly accounts: readonly AccountView[];
  readonly credentials: readonly CredentialView[];
}

export interface AccountView {
  readonly account: string;
  /** Who it is, as the vendor names it. */
  readonly identity: string | undefined;
  readonly inFlight: number;
  /** What counts at the moment, and what holds; null: not limited as far as is known. */
  readonly used: LimitsView;
  readonly limits: LimitsView;
  readonly configured: LimitsView;
  readonly rest: RestRecord | undefined;
}

export type LimitsView = { readonly [measure in keyof AccountLimits]: number | null };

export interface CredentialView {
  /** Masked. */
  readonly id: string;
  readonly account: string;
  readonly enabled: boolean;
  readonly weight: number;
  readonly inFlight: number;
  readonly served: number;
  readonly failed: number;
  readonly lastError: { readonly code: ErrorCode; readonly at: number } | undefined;
  readonly rest: RestRecord | undefined;
  readonly models: Readonly<Record<string, RestRecord>>;
}

export function viewOf(groups: ReadonlyMap<string, SurfaceGroup>, moment: Moment): PoolView {
  return [...groups].map(([surface, { slots, waiting, strategyName }]) => ({
    surface,
    strategy: strategyName,
    waiting,
    accounts: [...new Set(slots.map(({ account }) => account))].map((account) => accountView(account, moment)),
    credentials: slots.map((slot) => credentialView(slot, moment)),
  }));
}

function accountView({ id, identity, gate, rest }: Account, moment: Moment): AccountView {
  return {
    account: id,
    identity,
    inFlight: gate.inFlight,
    used: limitsView(gate.used(moment.ticks)),
    limits: limitsView(gate.limits.inForce(moment.ticks)),
    configured: limitsView(gate.limits.configured),
    rest: shown(rest, moment),
  };
}

function credentialView(slot: Slot, moment: Moment): CredentialView {
  const models = [...slot.models].flatMap(([model, rest]) => {
    const record = shown(rest, moment);
    return record ? [[model, record] as const] : [];
  });
  const { credential, account, enabled, weight, inFlight, served, failed, lastError, rest } = slot;
  return {
    id: credential.id,
    account: account.id,
    enabled,
    weight,
    inFlight,
    served,
    failed,
    lastError,
    rest: shown(rest, moment),
    models: Object.fromEntries(models),
  };
}

/** A rest that is over and needs no proof is history. */
function shown(rest: Rest, { now }: Moment): RestRecord | undefined {
  return rest.record?.end !== 'open' || rest.freeIn(now) > 0 ? rest.record : undefined;
}

/** JSON has no Infinity. */
function limitsView({ concurrency, rpm, tpm, tpd }: AccountLimits): LimitsView {
  const told = (value: number) => (Number.isFinite(value) ? value : null);
  return { concurrency: told(concurrency), rpm: told(rpm), tpm: told(tpm), tpd: told(tpd) };
}
