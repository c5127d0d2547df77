import { createHash } from 'node:crypto';
import type { Credential } from '../credential.ts';
import type { ErrorCode } from '../errors.ts';
import type { Account } from './account.ts';
import type { LeaseRequest } from './lease-request.ts';
import { Rest } from './rest.ts';

/** Model names come from configurations and lists of surfaces; those that fail are remembered up to here. */
const MODELS_KEPT = 200;

/** A credential in the pool. */
export class Slot {
  readonly credential: Credential;
  #account: Account;
  readonly weight: number;
  /** Set by hand; nothing else changes it. */
  enabled = true;
  inFlight = 0;
  served = 0;
  failed = 0;
  lastError: { readonly code: ErrorCode; readonly at: number } | undefined;
  rest = new Rest();
  readonly models = new Map<string, Rest>();
  /** When it was lent last, as the number of the call; the strategies' own notes. */
  lastCall = 0;
  share = 0;
  #digest: string | undefined;

  constructor(credential: Credential, account: Account) {
    this.credential = credential;
    this.#account = account;
    this.weight = credential.weight ?? 1;
  }

  /** Neither ruled out nor of another account than the one that must serve. */
  suits({ never, only }: Pick<LeaseRequest, 'never' | 'only'>): boolean {
    return !never.has(this.credential.id) && (only === undefined || only === this.account.id);
  }

  /** Of surface and secret, which it does not tell: another secret is another credential, whatever its name. */
  get digest(): string {
    const { surface, secret } = this.credential;
    this.#digest ??= createHash('sha256').update(`${surface}\n${secret.reveal()}`).digest('base64url');
    return this.#digest;
  }

  get account(): Account {
    return this.#account.mergedInto ?? this.#account;
  }

  set account(account: Account) {
    this.#account = account;
  }

  /** Nobody said which account it belongs to, so what the vendor says holds. */
  get mayLearnAccount(): boolean {
    return this.credential.account === this.credential.id;
  }

  /** Nothing but the gate of the account is in the way of a request for this model. */
  ready(model: string | undefined, now: number): boolean {
    if (!this.enabled || this.rest.blocks(now) || this.account.rest.blocks(now)) return false;
    if (this.models.size === 0 || model === undefined) return true;
    return !this.models.get(model)?.blocks(now);
  }

  /** Milliseconds until no rest is in the way; Infinity where time alone does not end it. */
  restsFor(model: string | undefined, now: number): number {
    if (!this.enabled) return Number.POSITIVE_INFINITY;
    const ofModel = model === undefined ? undefined : this.models.get(model);
    return Math.max(this.rest.freeIn(now), this.account.rest.freeIn(now), ofModel?.freeIn(now) ?? 0);
  }

  /** What is held against it. */
  reasons(model: string | undefined): ErrorCode[] {
    const ofModel = model === undefined ? undefined : this.models.get(model);
    const records = [this.rest.record, this.account.rest.record, ofModel?.record];
    return records.flatMap((record) => (record ? [record.because] : []));
  }

  restOf(model: string): Rest {
    const known = this.models.get(model);
    if (known) return known;
    if (this.models.size >= MODELS_KEPT) this.models.clear();
    const rest = new Rest();
    this.models.set(model, rest);
    return rest;
  }

  /** By hand: whatever was held against it is forgotten. */
  clear(): void {
    this.rest.clear();
    this.account.rest.clear();
    this.models.clear();
  }

  /** What another configuration's pool knows of the same credential. */
  inherit(before: Slot): void {
    this.enabled = before.enabled;
    this.served = before.served;
    this.failed = before.failed;
    this.lastError = before.lastError;
    this.rest = before.rest;
    for (const [model, rest] of before.models) this.models.set(model, rest);
  }
}
