import type { Credential } from '../credential.ts';
import { Account, accountKey } from './account.ts';
import { tightest, UNLIMITED } from './limits.ts';
import { Slot } from './slot.ts';
import { createStrategy } from './strategies/index.ts';
import type { StrategyName } from './strategies/strategy.ts';
import { SurfaceGroup } from './surface-group.ts';

/** Who is there: the credentials of every surface, and the accounts behind them. */
export class Roster {
  readonly groups = new Map<string, SurfaceGroup>();
  /** By `accountKey`. One whose credentials are gone stays: what it was used for still counts when they come back. */
  readonly #accounts = new Map<string, Account>();
  readonly #strategies: Readonly<Record<string, StrategyName>>;
  readonly #watcher: () => void;

  readonly #ticks: () => number;

  /** `watcher` is told whenever a place of an account may have become free. */
  constructor(strategies: Readonly<Record<string, StrategyName>>, watcher: () => void, ticks: () => number) {
    this.#strategies = strategies;
    this.#watcher = watcher;
    this.#ticks = ticks;
  }

  add(credential: Credential): void {
    const group = this.groupOf(credential.surface);
    const account = this.#accountOf(credential);
    group.slots = [...group.slots, new Slot(credential, account)];
    this.#limit(account);
  }

  remove(slot: Slot): void {
    const group = this.groupOf(slot.credential.surface);
    group.slots = group.slots.filter((other) => other !== slot);
    this.#limit(slot.account);
  }

  find(id: string): Slot | undefined {
    return this.slots().find((slot) => slot.credential.id === id);
  }

  slots(): Slot[] {
    return [...this.groups.values()].flatMap(({ slots }) => [...slots]);
  }

  slotsOf(surface: string): readonly Slot[] {
    return this.groups.get(surface)?.slots ?? [];
  }

  groupOf(surface: string): SurfaceGroup {
    const known = this.groups.get(surface);
    if (known) return known;
    const name = this.#strategies[surface] ?? 'round_robin';
    const group = new SurfaceGroup(name, createStrategy(name));
    this.groups.set(surface, group);
    return group;
  }

  /** The vendor has said whose account it is. What the configuration says goes before. */
  learn(slot: Slot, identity: string): void {
    const { account, credential, mayLearnAccount } = slot;
    if (!mayLearnAccount || account.identity !== undefined) return;
    const key = accountKey(credential.surface, identity);
    const known = this.#accounts.get(key);
    account.identity = identity;
    if (known === undefined) {
      this.#accounts.set(key, account);
      return;
    }
    account.mergeInto(known, this.#ticks());
    this.#accounts.set(accountKey(credential.surface, credential.account), known);
    this.#limit(known);
  }

  /** The accounts themselves, and the state of credentials with the same secret. */
  adopt(before: Roster): void {
    for (const [key, account] of before.#accounts) {
      account.watchers.add(this.#watcher);
      this.#accounts.set(key, account);
    }
    const known = new Map(before.slots().map((slot) => [slot.credential.id, slot]));
    for (const slot of this.slots()) {
      slot.account = this.#accountOf(slot.credential);
      this.#limit(slot.account);
      const old = known.get(slot.credential.id);
      if (old?.credential.secret.reveal() === slot.credential.secret.reveal()) slot.inherit(old);
    }
  }

  /** The watcher is not told any more. */
  unwatch(): void {
    for (const account of this.#accounts.values()) account.watchers.delete(this.#watcher);
  }

  #accountOf({ surface, account: id }: Credential): Account {
    const key = accountKey(surface, id);
    const known = this.#accounts.get(key);
    if (known) return known;
    const account = new Account(surface, id, UNLIMITED);
    account.watchers.add(this.#watcher);
    this.#accounts.set(key, account);
    return account;
  }

  /** Credentials of one account may say different things about it; the least of it holds. */
  #limit(account: Account): void {
    const slots = this.slotsOf(account.surface).filter((slot) => slot.account === account);
    account.gate.limits.configure(tightest(slots.map(({ credential }) => credential.limits ?? {})));
  }
}
