import type { AccountLimits } from '../credential.ts';
import { Gate } from './gate.ts';
import { Rest } from './rest.ts';

/** One account of one surface: what its credentials share. Survives a change of the configuration. */
export class Account {
  readonly id: string;
  readonly surface: string;
  readonly gate: Gate;
  readonly rest = new Rest();
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

  changed(): void {
    for (const watcher of this.watchers) watcher();
  }
}

/** The same name on two surfaces means two accounts: a key never crosses to another host, nor does its budget. */
export function accountKey(surface: string, account: string): string {
  return `${surface} ${account}`;
}
