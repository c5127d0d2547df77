import type { AccountLimits } from '../credential.ts';
import { Gate } from './gate.ts';
import { Rest } from './rest.ts';

/** One account of one surface: what its credentials share. Survives a change of the configuration. */
export class Account {
  readonly id: string;
  readonly surface: string;
  readonly gate: Gate;
  readonly rest = new Rest();
  /** Who it is, as the vendor names it: learned from its errors, or asked for. */
  identity: string | undefined;
  /** It has turned out to be the same account as this one. */
  mergedInto: Account | undefined;
  /** Who wants to know that a place may have become free: every pool that lends from this account. */
  readonly watchers = new Set<() => void>();

  constructor(surface: string, id: string, limits: AccountLimits) {
    this.surface = surface;
    this.id = id;
    this.gate = new Gate(limits);
  }

  get key(): string {
    return accountKey(this.surface, this.id);
  }

  /** From now on its calls and everything that it used count there; nobody lends from it any more. */
  mergeInto(other: Account, now: number): void {
    other.gate.absorb(this.gate, now);
    other.rest.join(this.rest);
    for (const watcher of this.watchers) other.watchers.add(watcher);
    this.mergedInto = other;
  }

  changed(): void {
    for (const watcher of this.watchers) watcher();
  }
}

/** The same name on two surfaces means two accounts: a key never crosses to another host, nor does its budget. */
export function accountKey(surface: string, account: string): string {
  return `${surface} ${account}`;
}
