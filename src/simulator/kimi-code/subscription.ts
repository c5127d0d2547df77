import type { Account } from '../accounts/account.ts';
import { faultError } from '../faults.ts';
import { Refusal } from '../refusal.ts';

const WEEK = 7 * 86_400_000;
const WINDOW_MINUTES = 300;

/** A quota in units of 0 to 100, as the vendor counts, with the moment at which it begins anew. */
export interface Quota {
  used: number;
  limit: number;
  resetAt: number;
}

/** What an account has subscribed to. A test may change all of it while the simulator runs. */
export class Subscription {
  readonly weekly: Quota;
  /** The rolling five hours. */
  readonly window: Quota;
  /** Units that a request costs. */
  cost = 0.01;
  /** Requests at once (Kimi Code docs: 30). */
  concurrency = 30;
  isActive = true;
  isTerminated = false;
  isMonthSpent = false;
  /** Ids that the plan does not include. */
  readonly locked = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.weekly = { used: 0, limit: 100, resetAt: now() + WEEK };
    this.window = { used: 0, limit: 100, resetAt: now() + WINDOW_MINUTES * 60_000 };
  }

  /** Throws what stands against a request, or counts it. Sentences: Kimi Code error reference. */
  enter(model: string, inFlight: number): void {
    this.#renew();
    if (this.isTerminated) throw faultError('code-terminated');
    if (!this.isActive) throw faultError('code-membership');
    if (this.locked.has(model)) {
      const message = `Your current subscription does not have access to ${model}`;
      throw new Refusal({ status: 403, message });
    }
    if (this.isMonthSpent) throw faultError('code-monthly');
    if (this.weekly.used >= this.weekly.limit) throw faultError('code-weekly');
    if (this.window.used >= this.window.limit) throw faultError('code-window');
    if (inFlight >= this.concurrency) throw faultError('code-concurrency');
    this.weekly.used += this.cost;
    this.window.used += this.cost;
  }

  /** `GET /usages`, with its numbers as decimal strings (MoonshotAI/kimi-code managed-usage.ts; steipete/CodexBar docs). */
  usages(): Record<string, unknown> {
    this.#renew();
    const window = { duration: WINDOW_MINUTES, timeUnit: 'TIME_UNIT_MINUTE' };
    return {
      usage: detailOf(this.weekly),
      limits: [{ window, detail: detailOf(this.window) }],
      boosterWallet: {
        id: 'booster-simulator',
        balance: { type: 'BOOSTER', amount: '0', amountLeft: '0', unit: 'UNIT_CURRENCY' },
        monthlyChargeLimitEnabled: false,
        monthlyChargeLimit: { currency: 'USD', priceInCents: '0' },
        monthlyUsed: '0',
      },
      user: { membership: { level: 'LEVEL_INTERMEDIATE' } },
    };
  }

  #renew(): void {
    const now = this.#now();
    for (const [quota, span] of [[this.weekly, WEEK] as const, [this.window, WINDOW_MINUTES * 60_000] as const]) {
      if (now < quota.resetAt) continue;
      quota.used = 0;
      quota.resetAt = now + span;
    }
  }
}

function detailOf({ used, limit, resetAt }: Quota): Record<string, string> {
  const whole = Math.min(limit, Math.floor(used));
  return {
    limit: String(limit),
    used: String(whole),
    remaining: String(limit - whole),
    resetTime: new Date(resetAt).toISOString(),
  };
}

/** The subscription of each account of Kimi Code. */
export class Subscriptions {
  readonly #byAccount = new Map<Account, Subscription>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  of(account: Account): Subscription {
    const known = this.#byAccount.get(account);
    if (known) return known;
    const fresh = new Subscription(this.#now);
    this.#byAccount.set(account, fresh);
    return fresh;
  }
}
