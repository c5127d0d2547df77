import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/database.ts';
import { type BudgetLimits, BudgetStore, type Held, type Spent } from './budget-store.ts';
import type { InboundKey } from './inbound-key.ts';
import { periodsAt } from './periods.ts';

export interface BudgetParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** How the configuration counts; read anew for each call. */
  settings(): { readonly cny_per_usd: number; readonly utc_offset_minutes: number };
}

/** What is set aside for a call. */
export interface BudgetHold {
  /** Writes down what the call has really cost. Only the first time counts; never throws. */
  end(nano: number): Promise<void>;
}

const NANO = 1_000_000_000;
/** Spendings that could not be written are tried again after this. */
const AGAIN_MS = 5_000;

/**
 * What keys spend. The sums are in the database, where every replica counts into them before and after each call. While
 * it is lost this process goes on from what it knew last, and writes down later what was spent meanwhile.
 */
export class Budgets {
  readonly #parts: BudgetParts;
  readonly #store: BudgetStore;
  /** The sums of each key as this process has seen them last. */
  readonly #seen = new Map<string, Spent>();
  /** What could not be written yet, and what calls hold that began without the database. */
  readonly #owed = new Map<string, number>();
  readonly #alone = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(parts: BudgetParts) {
    this.#parts = parts;
    this.#store = new BudgetStore(parts.database);
  }

  /**
   * `nano`: what the call may cost, billionths of a dollar. Throws budget_exhausted; key_busy where it would fit if no
   * other call was under way.
   */
  async hold(key: InboundKey, nano: number): Promise<BudgetHold> {
    const limits = this.#limits(key);
    const now = this.#parts.clock.now();
    try {
      const { held, spent } = await this.#store.hold(key.id, nano + this.#owing(key), limits, now, this.#periods());
      this.#seen.set(key.id, spent);
      if (held === undefined) throw this.#refusal(key, spent, spent.heldNano, nano);
      // What is owed was only tried for size; it is not this call's.
      return this.#holding(key.id, held);
    } catch (cause) {
      if (!(cause instanceof GatewayError) || !cause.code.startsWith('storage_')) throw cause;
      return this.#holdAlone(key, nano, limits, cause);
    }
  }

  /** In the currency of the key's budget; by what was seen last where the database cannot tell. */
  async spent(key: InboundKey): Promise<{ readonly daily: number; readonly monthly: number }> {
    const spent = await this.#store.read(key.id, this.#periods()).catch(() => this.#seen.get(key.id));
    const owed = this.#owing(key);
    const money = (nano: number) => ((nano + owed) / NANO) * this.#rate(key);
    return { daily: money(spent?.dayNano ?? 0), monthly: money(spent?.monthNano ?? 0) };
  }

  /** Writes what is still owed, if it can be. */
  async close(): Promise<void> {
    await this.#settleOwed();
    this.#cancel?.();
    if (this.#owed.size > 0) this.#parts.log.error({ keys: this.#owed.size }, 'spendings of keys are lost');
  }

  #holding(id: string, held: Held): BudgetHold {
    let isOver = false;
    return {
      end: async (nano) => {
        if (isOver) return;
        isOver = true;
        await this.#spend(id, nano, held);
      },
    };
  }

  #holdAlone(key: InboundKey, nano: number, limits: BudgetLimits, cause: GatewayError): BudgetHold {
    const seen = this.#seen.get(key.id);
    if (seen === undefined && !key.id.startsWith('config:')) throw cause;
    const { day, month } = this.#periods();
    const since = this.#owing(key);
    const held = this.#alone.get(key.id) ?? 0;
    const spent = {
      day,
      dayNano: (seen?.day === day ? seen.dayNano : 0) + since,
      month,
      monthNano: (seen?.month === month ? seen.monthNano : 0) + since,
      heldNano: held,
    };
    const isTooMuch = (sum: number, limit: number) => sum + held + nano > limit;
    if (isTooMuch(spent.dayNano, limits.dayNano) || isTooMuch(spent.monthNano, limits.monthNano)) {
      throw this.#refusal(key, spent, held, nano);
    }
    this.#alone.set(key.id, held + nano);
    let isOver = false;
    return {
      end: async (real) => {
        if (isOver) return;
        isOver = true;
        const left = (this.#alone.get(key.id) ?? 0) - nano;
        if (left > 0) this.#alone.set(key.id, left);
        else this.#alone.delete(key.id);
        await this.#spend(key.id, real, undefined);
      },
    };
  }

  async #spend(id: string, nano: number, held: Held | undefined): Promise<void> {
    try {
      this.#seen.set(id, await this.#store.spend(id, nano, held, this.#parts.clock.now(), this.#periods()));
    } catch (cause) {
      if (!(cause instanceof GatewayError)) this.#parts.log.error({ err: cause }, 'a spending was refused');
      if (nano > 0) this.#owed.set(id, (this.#owed.get(id) ?? 0) + nano);
      this.#cancel ??= this.#parts.clock.after(AGAIN_MS, () => {
        this.#cancel = undefined;
        void this.#settleOwed();
      });
    }
  }

  async #settleOwed(): Promise<void> {
    for (const [id, nano] of [...this.#owed]) {
      this.#owed.delete(id);
      await this.#spend(id, nano, undefined);
    }
  }

  #owing({ id }: InboundKey): number {
    return this.#owed.get(id) ?? 0;
  }

  #periods() {
    return periodsAt(this.#parts.clock.now(), this.#parts.settings().utc_offset_minutes);
  }

  /** How much of the budget's currency a dollar is. */
  #rate({ rules: { budget } }: InboundKey): number {
    return budget?.currency === 'CNY' ? this.#parts.settings().cny_per_usd : 1;
  }

  #limits(key: InboundKey): BudgetLimits {
    const { daily = Number.POSITIVE_INFINITY, monthly = Number.POSITIVE_INFINITY } = key.rules.budget ?? {};
    const toNano = (money: number) => Math.round((money / this.#rate(key)) * NANO);
    return { dayNano: toNano(daily), monthNano: toNano(monthly) };
  }

  #refusal(key: InboundKey, spent: Spent, heldNano: number, nano: number): GatewayError {
    const limits = this.#limits(key);
    const periods = this.#periods();
    const isDaily = spent.dayNano + heldNano + nano > limits.dayNano;
    const isMonthly = spent.monthNano + heldNano + nano > limits.monthNano;
    // The one that lasts longer is the one that counts.
    const which = isMonthly || !isDaily ? 'monthly' : 'daily';
    const sum = which === 'daily' ? spent.dayNano : spent.monthNano;
    const limit = which === 'daily' ? limits.dayNano : limits.monthNano;
    const endsAt = which === 'daily' ? periods.dayEndsAt : periods.monthEndsAt;
    return refusal({ key, which, endsAt, now: this.#parts.clock.now(), rate: this.#rate(key), sum, limit, nano });
  }
}

interface Refused {
  readonly key: InboundKey;
  readonly which: 'daily' | 'monthly';
  readonly endsAt: number;
  readonly now: number;
  readonly rate: number;
  readonly sum: number;
  readonly limit: number;
  readonly nano: number;
}

function refusal({ key, which, endsAt, now, rate, sum, limit, nano }: Refused): GatewayError {
  const { currency = 'USD' } = key.rules.budget ?? {};
  const money = (value: number) => `${Number(((value / NANO) * rate).toPrecision(4))} ${currency}`;
  const resetsAt = new Date(endsAt).toISOString();
  const extra = { limit: `budget_${which}`, resets_at: resetsAt };
  const has = `The ${which} budget of this key is ${money(limit)}, of which ${money(sum)} is spent`;
  if (sum < limit && sum + nano <= limit) {
    // Only calls that are under way stand in the way.
    const message = `${has}; calls under way may use up the rest.`;
    return new GatewayError('key_busy', { message, extra, retryAfterMs: 1_000 });
  }
  const message =
    sum < limit
      ? `${has}; this call may cost ${money(nano)}. A lower limit of tokens makes it cheaper. The budget begins again at ${resetsAt}.`
      : `${has}. It begins again at ${resetsAt}.`;
  return new GatewayError('budget_exhausted', { message, extra, retryAfterMs: Math.max(1_000, endsAt - now) });
}
