import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Dated, DeadlineHeap } from './deadline-heap.ts';
import { FairQueue, type Queued } from './fair-queue.ts';
import type { Lease } from './lease.ts';
import type { LeaseRequest } from './lease-request.ts';
import type { Moment, Outlook, SurfaceGroup } from './surface-group.ts';

/** What the room needs of the pool. */
export interface Places {
  moment(): Moment;
  /** A lease if a place is free at that moment outside of the groups that are held. */
  take(request: LeaseRequest, held: ReadonlySet<SurfaceGroup>, moment: Moment): Lease | undefined;
  groupsOf(request: LeaseRequest): readonly SurfaceGroup[];
  /** Groups where this request only lacks tokens. */
  savingFor(request: LeaseRequest, moment: Moment): readonly SurfaceGroup[];
  outlook(request: LeaseRequest, moment: Moment): Outlook;
  /** The error for a request that cannot wait so long. */
  refusal(request: LeaseRequest, outlook: Outlook): GatewayError;
  /** Nobody waits any more. */
  emptied(): void;
}

/** Requests that the same credentials can serve, so that what keeps the first one waiting keeps all of them. */
class Lane {
  readonly key: string;
  readonly groups: readonly SurfaceGroup[];
  readonly queue = new FairQueue<Waiter>();
  servedAt = 0;

  constructor(key: string, groups: readonly SurfaceGroup[]) {
    this.key = key;
    this.groups = groups;
  }
}

class Waiter implements Queued<Waiter>, Dated {
  previous: Waiter | undefined;
  next: Waiter | undefined;
  place = -1;
  readonly owner: string;
  readonly request: LeaseRequest;
  readonly lane: Lane;
  readonly deadline: number;
  readonly promise: Promise<Lease>;
  readonly resolve: (lease: Lease) => void;
  readonly reject: (error: GatewayError) => void;
  onAbort: () => void = () => {};

  constructor(request: LeaseRequest, lane: Lane, deadline: number) {
    this.owner = request.owner ?? '';
    this.request = request;
    this.lane = lane;
    this.deadline = deadline;
    const { promise, resolve, reject } = Promise.withResolvers<Lease>();
    this.promise = promise;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/**
 * Where requests wait until a place is free: first come, first served within an owner, the owners in turn. One timer for
 * all of them, and none while nobody waits.
 */
export class WaitingRoom {
  readonly #places: Places;
  readonly #clock: Clock;
  /** Those in which somebody waits. */
  readonly #lanes = new Map<string, Lane>();
  /** Everybody who waits, by deadline in ticks. */
  readonly #deadlines = new DeadlineHeap<Waiter>();
  /** Per owner the turn in which it was served last, so that one with several lanes gets no more than the others. */
  readonly #servedAt = new Map<string, number>();
  #turn = 0;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(places: Places, clock: Clock) {
    this.#places = places;
    this.#clock = clock;
  }

  get size(): number {
    return this.#deadlines.size;
  }

  wait(request: LeaseRequest): Promise<Lease> {
    const lane = this.#laneOf(request);
    const waiter = new Waiter(request, lane, this.#clock.ticks() + request.waitMs);
    waiter.onAbort = () => {
      this.#leave(waiter);
      waiter.reject(new GatewayError('client_closed'));
      this.dispatch();
    };
    request.signal.addEventListener('abort', waiter.onAbort, { once: true });
    this.#lanes.set(lane.key, lane);
    if (request.returned === true) lane.queue.pushReturned(waiter);
    else lane.queue.push(waiter);
    this.#deadlines.push(waiter);
    for (const group of lane.groups) group.waiting++;
    this.dispatch();
    return waiter.promise;
  }

  /** Gives away every place that is free; to be called whenever one may have become so. */
  dispatch(): void {
    if (this.size === 0) return;
    // One moment for all of it: a place that becomes free between two looks would be missed by the timer.
    const moment = this.#places.moment();
    while (this.#serveOne(moment));
    this.#dismissHopeless(moment);
    this.#setTimer(moment);
  }

  #serveOne(moment: Moment): boolean {
    const held = new Set<SurfaceGroup>();
    for (const { queue } of this.#lanesInTurn()) {
      const waiter = queue.first;
      if (!waiter) continue;
      const lease = this.#places.take(waiter.request, held, moment);
      if (lease) {
        this.#serve(waiter, lease);
        return true;
      }
      for (const group of this.#places.savingFor(waiter.request, moment)) held.add(group);
    }
    return false;
  }

  /** By the last turn of whoever is first in them, then by their own. */
  #lanesInTurn(): readonly Lane[] {
    const lanes = [...this.#lanes.values()];
    if (lanes.length < 2) return lanes;
    const turnOf = ({ queue }: Lane) => this.#servedAt.get(queue.first?.owner ?? '') ?? 0;
    return lanes.sort((left, right) => turnOf(left) - turnOf(right) || left.servedAt - right.servedAt);
  }

  #serve(waiter: Waiter, lease: Lease): void {
    const { lane, owner } = waiter;
    lane.queue.take(waiter);
    this.#turn++;
    lane.servedAt = this.#turn;
    this.#servedAt.set(owner, this.#turn);
    this.#left(waiter);
    waiter.resolve(lease);
  }

  #leave(waiter: Waiter): void {
    waiter.lane.queue.remove(waiter);
    this.#left(waiter);
  }

  #left(waiter: Waiter): void {
    const { lane, request } = waiter;
    request.signal.removeEventListener('abort', waiter.onAbort);
    this.#deadlines.remove(waiter);
    for (const group of lane.groups) group.waiting--;
    if (lane.queue.isEmpty) this.#lanes.delete(lane.key);
    if (this.size === 0) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#servedAt.clear();
      this.#places.emptied();
    }
  }

  /** Those whose time is over, and those who came before everybody who could serve them began to rest. */
  #dismissHopeless(moment: Moment): void {
    const now = moment.ticks;
    for (let due = this.#deadlines.first; due && due.deadline <= now; due = this.#deadlines.first) {
      this.#dismiss(due, moment);
    }
    for (const { queue } of [...this.#lanes.values()]) {
      for (let first = queue.first; first; first = queue.first) {
        if (this.#places.outlook(first.request, moment).soonest <= first.deadline - now) break;
        this.#dismiss(first, moment);
      }
    }
  }

  #dismiss(waiter: Waiter, moment: Moment): void {
    this.#leave(waiter);
    waiter.reject(this.#places.refusal(waiter.request, this.#places.outlook(waiter.request, moment)));
  }

  #setTimer(moment: Moment): void {
    const first = this.#deadlines.first;
    if (!first) return;
    const now = moment.ticks;
    let wait = first.deadline - now;
    for (const { queue } of this.#lanes.values()) {
      if (queue.first) wait = Math.min(wait, this.#places.outlook(queue.first.request, moment).change);
    }
    const at = now + Math.max(1, Math.ceil(wait));
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const cancel = this.#clock.after(at - now, () => {
      this.#timer = undefined;
      this.dispatch();
    });
    this.#timer = { at, cancel };
  }

  #laneOf(request: LeaseRequest): Lane {
    const places = request.targets.map(({ surface, model }) => `${surface} ${model ?? ''}`);
    const key = [...places, request.only ?? '', ...[...request.never].sort()].join('\n');
    return this.#lanes.get(key) ?? new Lane(key, this.#places.groupsOf(request));
  }
}
