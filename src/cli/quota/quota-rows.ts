import type { CredentialInfo } from '../../index.ts';

const MEASURES = ['concurrency', 'rpm', 'tpm', 'tpd'] as const;
export type Measure = (typeof MEASURES)[number];

/** An account as `moongate quota` shows it; the figures are those of its first credential, whose account they are. */
export interface AccountQuota {
  readonly surface: string;
  readonly account: string;
  readonly credentials: readonly string[];
  readonly state: CredentialInfo['state'];
  readonly membership: string | null;
  readonly windows: readonly {
    readonly name: string;
    readonly used: number;
    readonly limit: number;
    readonly left: number;
    readonly resets_at: number | null;
  }[];
  readonly balance: NonNullable<CredentialInfo['quota']>['balance'];
  /** What is left of the limits that are known, as this gateway counts. */
  readonly rates: readonly { readonly measure: Measure; readonly left: number; readonly limit: number }[];
  /** When it serves again, and why it does not now. */
  readonly rests_until: number | null;
  readonly because: string | null;
  readonly read_at: number | null;
  readonly problem: string | null;
}

export function accountQuotas(all: readonly CredentialInfo[]): readonly AccountQuota[] {
  const accounts = Map.groupBy(all, ({ surface, account }) => `${surface} ${account}`);
  return [...accounts.values()].flatMap((infos) => {
    const info = infos.find(({ quota }) => quota !== null) ?? infos[0];
    return info === undefined ? [] : [toAccount(info, infos)];
  });
}

function toAccount(info: CredentialInfo, all: readonly CredentialInfo[]): AccountQuota {
  const { surface, account, identity, state, quota, used, limits, rest } = info;
  const isAsleep = state === 'resting' || state === 'stopped';
  return {
    surface,
    account: identity ?? account,
    credentials: all.map(({ id }) => id),
    state,
    membership: quota?.membership ?? null,
    windows: (quota?.windows ?? []).map((window) => ({ ...window, left: Math.max(0, window.limit - window.used) })),
    balance: quota?.balance ?? null,
    rates: MEASURES.flatMap((measure) => {
      const limit = limits[measure];
      return limit === null ? [] : [{ measure, limit, left: Math.max(0, limit - (used[measure] ?? 0)) }];
    }),
    rests_until: isAsleep && rest && rest.ends !== 'hand' ? (rest.resets_at ?? rest.until) : null,
    because: isAsleep ? (rest?.because ?? null) : null,
    read_at: quota?.read_at ?? null,
    problem: quota?.problem ?? null,
  };
}
