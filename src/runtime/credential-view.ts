import type { AccountView, CredentialView, LimitsView, PoolView } from '../credentials/pool-view.ts';
import type { RestRecord } from '../credentials/rest.ts';
import type { ErrorCode } from '../errors.ts';
import type { QuotaReading } from '../upstreams/quota.ts';
import type { KnownQuota } from './quota-book.ts';

/** A credential as people see it: masked, and with everything that decides whether it serves. Times are milliseconds. */
export interface CredentialInfo {
  readonly id: string;
  readonly name: string;
  readonly surface: string;
  readonly account: string;
  /** Who the account is, as the vendor names it. */
  readonly identity: string | null;
  readonly state: 'ready' | 'full' | 'resting' | 'stopped' | 'disabled';
  /** `configuration`, or added at run time: `stored` encrypted, or in `memory` until the process ends. */
  readonly source: 'configuration' | 'stored' | 'memory';
  readonly weight: number;
  readonly in_flight: number;
  readonly served: number;
  readonly failed: number;
  readonly last_error: { readonly code: ErrorCode; readonly at: number } | null;
  readonly rest: RestInfo | null;
  /** Models that it is not asked for at present. */
  readonly models: Readonly<Record<string, RestInfo>>;
  /** What counts against the account's limits now, and what they are; null: none is known. */
  readonly used: LimitsView;
  readonly limits: LimitsView;
  readonly quota: QuotaInfo | null;
}

export interface RestInfo {
  readonly because: ErrorCode;
  readonly since: number;
  /** Until somebody acts where `ends` is `hand`. */
  readonly until: number;
  readonly ends: 'open' | 'probe' | 'hand';
  readonly failures: number;
  readonly resets_at: number | null;
}

export interface QuotaInfo {
  readonly read_at: number;
  readonly problem: string | null;
  readonly windows: readonly {
    readonly name: string;
    readonly used: number;
    readonly limit: number;
    readonly resets_at: number | null;
  }[];
  readonly balance: QuotaReading['balance'] | null;
  readonly membership: string | null;
}

export interface ViewParts {
  sourceOf(id: string): CredentialInfo['source'];
  quotaOf(id: string): KnownQuota | undefined;
  readonly now: number;
}

export function credentialInfos(view: PoolView, parts: ViewParts): readonly CredentialInfo[] {
  return view.flatMap(({ surface, accounts, credentials }) =>
    credentials.flatMap((credential) => {
      const account = accounts.find((one) => one.account === credential.account);
      return account ? [infoOf(surface, credential, account, parts)] : [];
    }),
  );
}

function infoOf(surface: string, credential: CredentialView, account: AccountView, parts: ViewParts): CredentialInfo {
  const { id, weight, inFlight, served, failed, lastError, models } = credential;
  const { used, limits, identity } = account;
  const rest = longer(credential.rest, account.rest);
  const quota = parts.quotaOf(id);
  return {
    ...{ id, name: nameOf(id), surface, account: account.account, identity: identity ?? null },
    state: stateOf(credential, account, rest, parts.now),
    source: parts.sourceOf(id),
    ...{ weight, in_flight: inFlight, served, failed, last_error: lastError ?? null },
    rest: rest ? restInfo(rest) : null,
    models: Object.fromEntries(Object.entries(models).map(([model, record]) => [model, restInfo(record)])),
    ...{ used, limits },
    quota: quota?.reading === undefined && quota?.problem === undefined ? null : quotaInfo(quota),
  };
}

/** The id is the name and the mask of the secret. */
export const nameOf = (id: string): string => id.split(' ')[0] ?? id;

function stateOf(
  { enabled }: CredentialView,
  { used, limits }: AccountView,
  rest: RestRecord | undefined,
  now: number,
) {
  if (!enabled) return 'disabled';
  if (rest?.end === 'hand') return 'stopped';
  if (rest && rest.until > now) return 'resting';
  const isFull = (['concurrency', 'rpm', 'tpm', 'tpd'] as const).some((measure) => {
    const limit = limits[measure];
    return limit !== null && (used[measure] ?? 0) >= limit;
  });
  return isFull ? 'full' : 'ready';
}

function longer(one: RestRecord | undefined, other: RestRecord | undefined): RestRecord | undefined {
  if (!one || !other) return one ?? other;
  if (one.end === 'hand' || other.end === 'hand') return one.end === 'hand' ? one : other;
  return one.until >= other.until ? one : other;
}

function restInfo({ because, since, until, end, failures, resetsAt }: RestRecord): RestInfo {
  return { because, since, until, ends: end, failures, resets_at: resetsAt ?? null };
}

function quotaInfo({ at, reading, problem }: KnownQuota): QuotaInfo {
  return {
    read_at: at,
    problem: problem ?? null,
    windows: (reading?.windows ?? []).map(({ resetsAt, ...rest }) => ({ ...rest, resets_at: resetsAt ?? null })),
    balance: reading?.balance ?? null,
    membership: reading?.membership ?? null,
  };
}
