import { GatewayError } from '../errors.ts';
import { expectedMs, outlookOf, refusalOf, savingFor } from './forecast.ts';
import { Lease } from './lease.ts';
import type { LeaseBook } from './lease-book.ts';
import type { LeaseRequest } from './lease-request.ts';
import { queueFull } from './refusals.ts';
import type { Roster } from './roster.ts';
import type { SharedGates } from './shared-gates.ts';
import type { Moment, SurfaceGroup } from './surface-group.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface AdmissionSettings {
  /** How many requests may wait for a place at once. */
  readonly queueLimit: number;
  readonly shared: SharedGates | undefined;
  /** Nobody waits any more. */
  readonly emptied: () => void;
}

const NOBODY: ReadonlySet<string> = new Set();

/** Who gets a place: at once where one is free, else in turn; in a fleet where all replicas together have one left. */
export class Admission {
  readonly #roster: Roster;
  readonly #book: LeaseBook;
  readonly #settings: AdmissionSettings;
  readonly #room: WaitingRoom;
  /** Requests that are on the way to a place that replicas share. */
  #entering = 0;

  constructor(roster: Roster, book: LeaseBook, settings: AdmissionSettings) {
    this.#roster = roster;
    this.#book = book;
    this.#settings = settings;
    this.#room = new WaitingRoom(
      {
        moment: () => this.#moment(),
        take: (request, held, moment) => this.#take(request, held, moment),
        groupsOf: (request) => request.targets.map(({ surface }) => roster.groupOf(surface)),
        savingFor: (request, moment) => savingFor(roster, request, moment),
        outlook: (request, moment) => outlookOf(roster, request, moment),
        refusal: (request, outlook) => refusalOf(roster, request, outlook),
        emptied: settings.emptied,
      },
      book.clock,
    );
  }

  get waiting(): number {
    return this.#room.size;
  }

  get isEmpty(): boolean {
    return this.#room.size === 0 && this.#entering === 0;
  }

  lease(request: LeaseRequest): Lease | Promise<Lease> {
    const { shared } = this.#settings;
    const lease = this.#leaseHere(request);
    return shared === undefined ? lease : this.#enter(request, lease, shared);
  }

  /** A place may have become free. */
  dispatch(): void {
    this.#room.dispatch();
  }

  #leaseHere(request: LeaseRequest): Lease | Promise<Lease> {
    if (request.signal.aborted) return Promise.reject(new GatewayError('client_closed'));
    const moment = this.#moment();
    const lease = this.#take(request, undefined, moment);
    if (lease) return lease;
    const outlook = outlookOf(this.#roster, request, moment);
    if (outlook.soonest > request.waitMs) return Promise.reject(refusalOf(this.#roster, request, outlook));
    const { queueLimit } = this.#settings;
    if (this.waiting >= queueLimit && request.returned !== true) {
      const ms = expectedMs(this.#roster, request, this.waiting, outlook.soonest);
      return Promise.reject(queueFull(queueLimit, ms));
    }
    return this.#room.wait(request);
  }

  /** A place that is free here may be taken by another replica: then the request waits on, before those behind it. */
  async #enter(request: LeaseRequest, first: Lease | Promise<Lease>, shared: SharedGates): Promise<Lease> {
    const { clock } = this.#book;
    const until = clock.ticks() + request.waitMs;
    this.#entering++;
    try {
      for (let coming = first; ; ) {
        const lease = await coming;
        if (await lease.enter(shared)) {
          if (!request.signal.aborted) return lease;
          lease.undo(0);
          throw new GatewayError('client_closed');
        }
        const waitMs = Math.max(0, until - clock.ticks());
        coming = this.#leaseHere({ ...request, waitMs, returned: true });
      }
    } finally {
      this.#entering--;
      if (this.isEmpty) this.#settings.emptied();
    }
  }

  /** `held`: undefined for a newcomer, who does not pass those that wait. */
  #take(request: LeaseRequest, held: ReadonlySet<SurfaceGroup> | undefined, moment: Moment): Lease | undefined {
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
