import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import { GatewayError } from '../errors.ts';
import { expectedMs, outlookOf, refusalOf, savingFor } from './forecast.ts';
import { Lease, type LeaseBook } from './lease.ts';
import type { LeaseRequest, LeaseTarget } from './lease-request.ts';
import { organisationIn } from './organisation.ts';
import { type PoolState, restoreState, snapshotOf } from './pool-state.ts';
import { type PoolView, viewOf } from './pool-view.ts';
import { queueFull } from './refusals.ts';
import { Roster } from './roster.ts';
import type { StrategyName } from './strategies/strategy.ts';
import type { Moment, SurfaceGroup } from './surface-group.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface PoolSettings {
  /** By surface; default `round_robin`. */
  readonly strategies?: Readonly<Record<string, StrategyName>>;
  /** How many requests may wait for a place at once. */
  readonly queueLimit?: number;
  /** Hears of every failure of a credential that was lent. */
  readonly onFailed?: (credential: Credential, error: GatewayError) => void;
  /** Somebody has begun to rest, or has ceased to. */
  readonly onRests?: () => void;
}

const QUEUE_LIMIT = 1_000;
const NOBODY: ReadonlySet<string> = new Set();

/** Owns the state of the credentials: whose turn it is, who rests, whose account is full, and who waits for a place. */
export class CredentialPool {
  readonly #roster: Roster;
  readonly #book: LeaseBook;
  readonly #room: WaitingRoom;
  readonly #queueLimit: number;
  /** Resolved when nothing is lent and nobody waits. */
  #drained: PromiseWithResolvers<void> | undefined;
  constructor(credentials: readonly Credential[], clock: Clock, settings: PoolSettings = {}) {
    this.#queueLimit = settings.queueLimit ?? QUEUE_LIMIT;
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
    this.#room = new WaitingRoom(
      {
        take: (request, held) => this.#take(request, held),
        groupsOf: (request) => request.targets.map(({ surface }) => this.#roster.groupOf(surface)),
        savingFor: (request) => savingFor(this.#roster, request, this.#moment()),
        outlook: (request) => outlookOf(this.#roster, request, this.#moment()),
        refusal: (request, outlook) => refusalOf(this.#roster, request, outlook),
        emptied: () => this.isIdle && this.#drained?.resolve(),
      },
      clock,
    );
    for (const credential of credentials) this.add(credential);
  }

  /** Calls that have a credential now. */
  get inFlight(): number {
    return this.#book.open;
  }

  /** Requests that wait for a place. */
  get waiting(): number {
    return this.#room.size;
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.waiting === 0;
  }

  /** A place for one call: at once where one is free, else a promise of the next one in turn. */
  lease(request: LeaseRequest): Lease | Promise<Lease> {
    if (request.signal.aborted) return Promise.reject(new GatewayError('client_closed'));
    const lease = this.#take(request, undefined);
    if (lease) return lease;
    const outlook = outlookOf(this.#roster, request, this.#moment());
    if (outlook.soonest > request.waitMs) return Promise.reject(refusalOf(this.#roster, request, outlook));
    if (this.waiting >= this.#queueLimit) {
      const ms = expectedMs(this.#roster, request, this.waiting, outlook.soonest);
      return Promise.reject(queueFull(this.#queueLimit, ms));
    }
    return this.#room.wait(request);
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

  /** The account that it counts against now, by its id in the view. */
  accountOf(id: string): string | undefined {
    return this.#roster.find(id)?.account.id;
  }

  /** Everybody whose account has this identity shares one budget, where the configuration does not say otherwise. */
  learnAccount(id: string, identity: string): void {
    const slot = this.#roster.find(id);
    if (slot) this.#roster.learn(slot, identity);
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
    return viewOf(this.#roster.groups, this.#moment());
  }

  /** What must survive a restart: who rests, why, and how it ends. */
  snapshot(): PoolState {
    return snapshotOf(this.#roster.slots(), this.#book.clock.now());
  }

  restore(state: PoolState): void {
    restoreState(state, this.#roster.slots(), this.#book.clock.now());
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
    this.#room.dispatch();
    if (this.isIdle) this.#drained?.resolve();
  }

  /** `held`: undefined for a newcomer, who does not pass those that wait. */
  #take(request: LeaseRequest, held: ReadonlySet<SurfaceGroup> | undefined): Lease | undefined {
    const moment = this.#moment();
    const first = this.#pick(request, request.avoid, held, moment);
    return first ?? (request.avoid.size > 0 ? this.#pick(request, NOBODY, held, moment) : undefined);
  }

  #pick(
    request: LeaseRequest,
    avoid: ReadonlySet<string>,
    held: ReadonlySet<SurfaceGroup> | undefined,
    moment: Moment,
  ): Lease | undefined {
    for (const [target, { surface, model }] of request.targets.entries()) {
      const group = this.#roster.groups.get(surface);
      if (!group || (held ? held.has(group) : group.waiting > 0)) continue;
      const slot = group.pick(request, model, avoid, moment);
      if (!slot) continue;
      const tokens = slot.account.gate.sizeOf(request.estimate, moment.ticks);
      return new Lease(slot, { target, model, admittedAt: moment.ticks, tokens }, this.#book);
    }
    return undefined;
  }

  #moment(): Moment {
    const { clock } = this.#book;
    return { now: clock.now(), ticks: clock.ticks() };
  }
}
