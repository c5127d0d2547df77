import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import { GatewayError } from '../errors.ts';
import { Admission } from './admission.ts';
import { type Errand, type ErrandRequest, setOut } from './errand.ts';
import type { Lease } from './lease.ts';
import type { LeaseBook } from './lease-book.ts';
import type { LeaseRequest, LeaseTarget } from './lease-request.ts';
import { organisationIn } from './organisation.ts';
import { hearNews, knowledgeOf, type PoolKnowledge, type PoolNews } from './pool-news.ts';
import { type PoolState, restoreState, snapshotOf } from './pool-state.ts';
import { type PoolView, viewOf } from './pool-view.ts';
import { Roster } from './roster.ts';
import { nameOf, type SharedGates } from './shared-gates.ts';
import type { StrategyName } from './strategies/strategy.ts';

export interface PoolSettings {
  /** By surface; default `round_robin`. */
  readonly strategies?: Readonly<Record<string, StrategyName>>;
  /** How many requests may wait for a place at once. */
  readonly queueLimit?: number;
  /** Hears of every failure of a credential that was lent. */
  readonly onFailed?: (credential: Credential, error: GatewayError) => void;
  /** Somebody has begun to rest, or has ceased to; or an account has turned out to be another one. */
  readonly onRests?: () => void;
  /** Where replicas count together what their accounts are used for; undefined: this process lends alone. */
  readonly shared?: SharedGates | undefined;
}

const QUEUE_LIMIT = 1_000;

/** Owns the state of the credentials: whose turn it is, who rests, whose account is full, and who waits for a place. */
export class CredentialPool {
  readonly #roster: Roster;
  readonly #book: LeaseBook;
  readonly #admission: Admission;
  /** Resolved when nothing is lent and nobody waits. */
  #drained: PromiseWithResolvers<void> | undefined;
  constructor(credentials: readonly Credential[], clock: Clock, settings: PoolSettings = {}) {
    this.#roster = new Roster(settings.strategies ?? {}, () => this.#changed(), clock.ticks);
    this.#book = {
      clock,
      calls: { newest: 0 },
      open: 0,
      failed: (slot, error) => {
        const organisation = organisationIn(error.message);
        if (organisation !== undefined) this.#roster.learn(slot, organisation);
        settings.onFailed?.(slot.credential, error);
      },
      rests: () => settings.onRests?.(),
    };
    this.#admission = new Admission(this.#roster, this.#book, {
      queueLimit: settings.queueLimit ?? QUEUE_LIMIT,
      shared: settings.shared,
      emptied: () => this.isIdle && this.#drained?.resolve(),
    });
    for (const credential of credentials) this.add(credential);
  }

  /** Calls that have a credential now. */
  get inFlight(): number {
    return this.#book.open;
  }

  /** Requests that wait for a place. */
  get waiting(): number {
    return this.#admission.waiting;
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.#admission.isEmpty;
  }

  /** A place for one call: at once where one is free, else a promise of the next one in turn. */
  lease(request: LeaseRequest): Lease | Promise<Lease> {
    return this.#admission.lease(request);
  }

  /** A call that asks no model. */
  errand(request: ErrandRequest): Promise<Errand> {
    return setOut(request, this.#roster, this.#book);
  }

  get isEmpty(): boolean {
    return this.#roster.slots().length === 0;
  }

  has(surface: string): boolean {
    return this.#roster.slotsOf(surface).length > 0;
  }

  /** Those first that may be used the earliest. */
  all(surface: string): readonly Credential[] {
    const now = this.#book.clock.now();
    const rests = new Map(
      this.#roster.slotsOf(surface).map((slot) => [slot.credential, slot.restsFor(undefined, now)]),
    );
    const soonest = (one: number, other: number) => (one === other ? 0 : one - other);
    return [...rests].sort(([, one], [, other]) => soonest(one, other)).map(([credential]) => credential);
  }

  /** Whether a credential that `known` does not name, of the account `only` if given, could serve within this time. */
  hasOther({ surface, model }: LeaseTarget, known: ReadonlySet<string>, withinMs: number, only?: string): boolean {
    const now = this.#book.clock.now();
    const slots = this.#roster.slotsOf(surface);
    return slots.some((slot) => slot.suits({ never: known, only }) && slot.restsFor(model, now) <= withinMs);
  }

  add(credential: Credential): void {
    this.#roster.add(credential);
    this.#changed();
  }

  find(id: string): Credential | undefined {
    return this.#roster.find(id)?.credential;
  }

  /** Milliseconds until it may serve again; Infinity where somebody has to act. */
  restsFor(id: string): number {
    return this.#roster.find(id)?.restsFor(undefined, this.#book.clock.now()) ?? Number.POSITIVE_INFINITY;
  }

  /** Neither switched off nor resting until somebody acts. */
  isUsable(id: string): boolean {
    return this.restsFor(id) !== Number.POSITIVE_INFINITY;
  }

  /** The account that it counts against now, by its id in the view. */
  accountOf(id: string): string | undefined {
    return this.#roster.find(id)?.account.id;
  }

  /** The same, by a name that every replica has for it. */
  sharedNameOf(id: string): string | undefined {
    const slot = this.#roster.find(id);
    return slot && nameOf(slot);
  }

  /** Everybody whose account has this identity shares one budget, where the configuration does not say otherwise. */
  learnAccount(id: string, identity: string): void {
    const slot = this.#roster.find(id);
    if (!slot) return;
    this.#roster.learn(slot, identity);
    this.#book.rests();
  }

  /** What the surface says of an account's quota: it is used up until then, or there is some left. */
  heardOfQuota(id: string, spentUntil: number | undefined): void {
    const slot = this.#roster.find(id);
    if (!slot) return;
    const { clock, calls } = this.#book;
    const { rest } = slot.account;
    if (spentUntil !== undefined) rest.hold('quota_exhausted', spentUntil, clock.now(), calls.newest);
    else rest.doubt('quota_exhausted', clock.now());
    this.#book.rests();
    this.#changed();
  }

  /** Calls that are under way with it end as they would have. */
  remove(id: string): boolean {
    const slot = this.#roster.find(id);
    if (slot) this.#roster.remove(slot);
    this.#changed();
    return slot !== undefined;
  }

  setEnabled(id: string, enabled: boolean): boolean {
    const slot = this.#roster.find(id);
    if (!slot) return false;
    slot.enabled = enabled;
    this.#book.rests();
    this.#changed();
    return true;
  }

  /** Forgets what is held against a credential, its account and its models. */
  clear(id: string): boolean {
    const slot = this.#roster.find(id);
    slot?.clear();
    this.#book.rests();
    this.#changed();
    return slot !== undefined;
  }

  /** Asks the surface about a credential, whether it rests or not; success ends every rest. Throws what `ask` throws. */
  async test(id: string, ask: (credential: Credential) => Promise<unknown>): Promise<void> {
    const slot = this.#roster.find(id);
    if (!slot) throw new GatewayError('not_found', { message: 'There is no such credential.' });
    await ask(slot.credential);
    this.clear(id);
  }

  view(): PoolView {
    return viewOf(this.#roster.groups, { now: this.#book.clock.now(), ticks: this.#book.clock.ticks() });
  }

  /** What must survive a restart: who rests, why, and how it ends. */
  snapshot(): PoolState {
    return snapshotOf(this.#roster.slots(), this.#book.clock.now());
  }

  restore(state: PoolState): void {
    restoreState(state, this.#roster.slots(), this.#book.clock.now());
  }

  /** What other replicas should know too. */
  knowledge(): PoolKnowledge {
    return knowledgeOf(this.#roster.slots(), this.#book.clock);
  }

  /** What another replica has met. Nobody is told of it here. */
  hear(news: PoolNews): void {
    hearNews(news, this.#roster, this.#book);
    this.#changed();
  }

  /**
   * Takes over what another pool knows, after a change of configuration: the state of credentials with the same secret,
   * and the accounts themselves, because calls that are under way under the other pool count against the same limits.
   */
  adopt(before: CredentialPool): void {
    this.#book.calls = before.#book.calls;
    this.#roster.adopt(before.#roster);
  }

  /** Resolves when nothing is lent and nobody waits; from then on the pool is not told of changes. */
  async drained(): Promise<void> {
    if (!this.isIdle) {
      this.#drained ??= Promise.withResolvers<void>();
      await this.#drained.promise;
    }
    this.#roster.unwatch();
  }

  /** A place may have become free. */
  #changed(): void {
    this.#admission.dispatch();
    if (this.isIdle) this.#drained?.resolve();
  }
}
