import type { ErrorCode } from '../errors.ts';
import { LONGEST_REST_MS, type RestDecision, type RestEnd } from './cool-down.ts';

/** A rest as it is shown and kept; times are milliseconds since the epoch. */
export interface RestRecord {
  readonly because: ErrorCode;
  readonly since: number;
  readonly until: number;
  readonly end: RestEnd;
  /** Failures in a row. */
  readonly failures: number;
  /** When its cause ends, as the surface tells; it is looked at again before. */
  readonly resetsAt?: number;
}

/** A refusal counts more than what the surface says of the quota at the same moment: its books may lag behind. */
const DOUBT_AFTER_MS = 60_000;

/** Two replicas that met the same thing at once, and their messages to each other, are not further apart. */
const SAME_MS = 250;

/** Whether somebody rests, why, and how it ends. */
export class Rest {
  /** Undefined: nothing is held against them. A rest that is over stays as history until a success. */
  #record: RestRecord | undefined;
  /** The number of the call that finds out whether the cause is gone; 0 if none does. */
  #probe = 0;
  /** Until then another replica is asked first whether the cause is gone; milliseconds since the epoch. */
  #provedElsewhereUntil = 0;
  /** The newest call when the rest began: up to this number, calls began before it. */
  #newest = 0;

  get record(): RestRecord | undefined {
    return this.#record;
  }

  /** No request may be sent now. */
  blocks(now: number): boolean {
    if (this.#record === undefined) return false;
    return this.#probe > 0 || this.freeIn(now) > 0;
  }

  /** A call is let through. If it is to show whether the cause is gone, nobody else is until it ends. */
  pass(call: number): void {
    if (this.#record?.end === 'probe') this.#probe = call;
  }

  isProvedBy(call: number): boolean {
    return this.#probe === call;
  }

  /** Another replica is finding out; it tells what became of it, or is asked again after so many milliseconds. */
  provedElsewhere(now: number, ms: number): void {
    this.#provedElsewhereUntil = now + ms;
  }

  /** The call ended, however it did. */
  ended(call: number): void {
    if (this.#probe === call) this.#probe = 0;
  }

  /** Milliseconds until time alone ends it; Infinity where it does not. */
  freeIn(now: number): number {
    if (this.#record === undefined) return 0;
    if (this.#record.end === 'hand') return Number.POSITIVE_INFINITY;
    if (now < this.#record.since) this.#shift(now);
    return Math.max(0, this.#record.until - now, this.#provedElsewhereUntil - now);
  }

  /** Failures like this one in a row, it included. Calls that were under way together fail as one. */
  failuresWith(because: ErrorCode, call: number): number {
    if (this.#record?.because !== because) return 1;
    return this.#record.failures + (this.#knows(call) ? 0 : 1);
  }

  /** The call of this number failed; `newest` is the number of the newest call. */
  begin(because: ErrorCode, { ms, end }: RestDecision, now: number, call: number, newest: number): void {
    const until = now + ms;
    // A failure of the same burst does not replace the one that weighs more.
    if (this.#knows(call) && this.#record && (this.#record.end === 'hand' || this.#record.until >= until)) return;
    const failures = this.failuresWith(because, call);
    this.#probe = 0;
    this.#newest = newest;
    this.#record = { because, since: now, until, end, failures };
  }

  /** The call of this number succeeded: whether that ended the rest. One that was under way before proves nothing. */
  succeeded(call: number): boolean {
    if (this.#record === undefined || this.#knows(call)) return false;
    this.clear();
    return true;
  }

  /** The surface says that the cause lasts until then; what only somebody can end stays as it is. */
  hold(because: ErrorCode, resetsAt: number, now: number, newest: number): void {
    const before = this.#record;
    if (before?.end === 'hand' || resetsAt <= now) return;
    const same = before?.because === because ? before : undefined;
    this.#newest = newest;
    this.#record = {
      because,
      since: same?.since ?? now,
      until: Math.min(resetsAt, now + LONGEST_REST_MS),
      end: 'probe',
      failures: same?.failures ?? 0,
      ...(Number.isFinite(resetsAt) ? { resetsAt } : {}),
    };
  }

  /** The surface says that the cause is gone, and has had time to notice: the next call proves it. */
  doubt(because: ErrorCode, now: number): void {
    const record = this.#record;
    if (record?.because !== because || record.end === 'hand' || now - record.since < DOUBT_AFTER_MS) return;
    const { resetsAt: _, ...rest } = record;
    this.#record = { ...rest, until: Math.min(record.until, now), end: 'probe' };
  }

  clear(): void {
    this.#record = undefined;
    this.#probe = 0;
    this.#provedElsewhereUntil = 0;
  }

  /** Another replica has met this: what it says of the same cause is newer, and of two causes the longer one holds. */
  heard(record: RestRecord, newest: number): void {
    const own = this.#record;
    if (own && own.because !== record.because && this.#lasts() >= lastsOf(record)) return;
    this.#newest = newest;
    this.#record = record;
    this.#provedElsewhereUntil = 0;
  }

  /** Another replica has seen the end of a rest that began then; one that has begun later stays. */
  heardOfEnd(since: number): void {
    if (this.#record !== undefined && this.#record.since <= since + SAME_MS) this.clear();
  }

  /** Both have turned out to be one: what lasts longer holds. */
  join(other: Rest): void {
    const record = other.#record;
    if (record === undefined || (this.#record && this.#lasts() >= other.#lasts())) return;
    this.#record = record;
    this.#newest = Math.max(this.#newest, other.#newest);
  }

  #lasts(): number {
    return this.#record === undefined ? 0 : lastsOf(this.#record);
  }

  /** Takes over a rest from another time. Nothing that a clock did meanwhile makes it longer than a rest may be. */
  restore(record: RestRecord, now: number): void {
    if (record.end !== 'hand' && record.until <= now) return;
    this.#record = {
      ...record,
      since: Math.min(record.since, now),
      until: Math.min(record.until, now + LONGEST_REST_MS),
    };
  }

  #knows(call: number): boolean {
    return this.#record !== undefined && call <= this.#newest;
  }

  /** The clock was set back: the rest lasts as long as it should have, from now on. */
  #shift(now: number): void {
    if (this.#record === undefined) return;
    const { since, until } = this.#record;
    this.#record = { ...this.#record, since: now, until: now + Math.min(until - since, LONGEST_REST_MS) };
  }
}

const lastsOf = ({ end, until }: RestRecord): number => (end === 'hand' ? Number.POSITIVE_INFINITY : until);
