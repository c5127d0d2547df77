import { tooMany } from '../refusal.ts';
import { BatchShelf } from './batch-shelf.ts';
import { FileShelf } from './file-shelf.ts';
import { Limiter, type RateLimitTexts } from './limiter.ts';
import { DEFAULT_TTL_MS, PrefixCache } from './prefix-cache.ts';
import { type Limits, TIERS, type Tier, UNLIMITED } from './tiers.ts';

/** The two hosts of the open platform and the two regions of Kimi Code have separate accounts and keys. */
export type HostId = 'cn' | 'ai' | 'code' | 'code-global';

export interface AccountSpec {
  /** Several keys of one account share its limits, its balance, its cache and its files. */
  readonly keys: string | readonly string[];
  readonly host: HostId;
  readonly id?: string;
  /** Default 5. */
  readonly tier?: Tier;
  /** Overrides single measures of the tier. */
  readonly limits?: Partial<Limits>;
  /** Cash in the host's currency; default 1000. */
  readonly balance?: number;
  readonly voucher?: number;
  /** `k3: false` = never topped up; `k2: false` = registered since 2026-10-31. Both true by default. */
  readonly entitlements?: Partial<Entitlements>;
  readonly suspended?: boolean;
}

export interface Entitlements {
  k3: boolean;
  k2: boolean;
}

export interface AccountParts {
  readonly now: () => number;
  readonly cacheTtlMs?: number | undefined;
  readonly rateLimitTexts?: RateLimitTexts | undefined;
}

/** One organisation. Its state may be changed by a test while the simulator runs. */
export class Account {
  readonly id: string;
  readonly host: HostId;
  readonly keys: readonly string[];
  limits: Limits;
  cash: number;
  voucher: number;
  suspended: boolean;
  readonly entitlements: Entitlements;
  readonly cache: PrefixCache;
  readonly limiter: Limiter;
  readonly files: FileShelf;
  readonly batches: BatchShelf;

  constructor(spec: AccountSpec, parts: AccountParts) {
    this.keys = typeof spec.keys === 'string' ? [spec.keys] : [...spec.keys];
    this.host = spec.host;
    this.id = spec.id ?? `org-${this.keys[0] ?? 'none'}`;
    this.limits = { ...TIERS[spec.tier ?? 5], ...spec.limits };
    this.cash = spec.balance ?? 1000;
    this.voucher = spec.voucher ?? 0;
    this.suspended = spec.suspended ?? false;
    this.entitlements = { k3: true, k2: true, ...spec.entitlements };
    this.cache = new PrefixCache(parts.now, parts.cacheTtlMs ?? DEFAULT_TTL_MS);
    this.limiter = new Limiter(parts.now, parts.rateLimitTexts ?? 'current');
    this.files = new FileShelf(parts.now);
    this.batches = new BatchShelf(parts.now);
  }

  get available(): number {
    return this.cash + this.voucher;
  }

  get inFlight(): number {
    return this.limiter.inFlight;
  }

  /** Money first, then the rate: both are asked only for inference. Sentences: platform docs, errors page. A subscription has a gate of its own instead. */
  enter(gate?: () => void): void {
    if (gate !== undefined) {
      gate();
      this.limiter.enter(UNLIMITED, this.id);
      return;
    }
    const owner = `${this.id}<ak-simulator>`;
    if (this.suspended) {
      throw tooMany(
        'exceeded_current_quota_error',
        `Your account ${owner} is suspended due to insufficient balance, please recharge your account or check your plan and billing details`,
      );
    }
    if (this.available <= 0) {
      throw tooMany(
        'exceeded_current_quota_error',
        `You exceeded your current token quota: <${this.id}> ${this.available}, please check your account balance`,
      );
    }
    this.limiter.enter(this.limits, owner);
  }
}
