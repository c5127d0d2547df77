import type { Clock } from '../clock.ts';
import type { LeaseBook } from './lease-book.ts';
import type { NamedLimit } from './named-limit.ts';
import { type KeptRest, type PoolState, snapshotOf } from './pool-state.ts';
import type { Rest, RestRecord } from './rest.ts';
import type { Roster } from './roster.ts';
import type { Slot } from './slot.ts';

/** What a pool has met that holds for every replica. Holds no secret: credentials are known by a digest. */
export interface PoolKnowledge extends PoolState {
  /** Whose account a credential has turned out to be. */
  readonly identities: readonly LearnedIdentity[];
  /** What surfaces told of the limits of a credential's account. */
  readonly limits: readonly ToldLimits[];
}

interface LearnedIdentity {
  readonly credential: string;
  readonly identity: string;
}

interface ToldLimits {
  readonly credential: string;
  readonly told: readonly NamedLimit[];
}

/** What has changed in one replica since it told the others last. */
export interface PoolNews extends Pick<PoolKnowledge, 'rests' | 'identities' | 'limits'> {
  /** When it was told, by the teller's clock: its other times are shifted by the difference. */
  readonly at: number;
  readonly ended: readonly EndedRest[];
  readonly disabled: readonly string[];
  readonly enabled: readonly string[];
}

export interface EndedRest {
  readonly credential: string;
  readonly of: KeptRest['of'];
  /** When the rest that has ended had begun. */
  readonly since: number;
}

export function knowledgeOf(slots: readonly Slot[], clock: Clock): PoolKnowledge {
  const ticks = clock.ticks();
  return {
    ...snapshotOf(slots, clock.now()),
    identities: slots.flatMap(({ account: { identity }, mayLearnAccount, digest }) =>
      identity === undefined || !mayLearnAccount ? [] : [{ credential: digest, identity }],
    ),
    limits: slots.flatMap(({ account, digest }) => {
      const told = account.gate.limits.told(ticks);
      return told.length > 0 ? [{ credential: digest, told }] : [];
    }),
  };
}

/** What lies in between: undefined if there is nothing to tell. */
export function newsBetween(before: PoolKnowledge, after: PoolKnowledge, now: number): PoolNews | undefined {
  const known = new Map(before.rests.map((rest) => [keyOf(rest), rest]));
  const present = new Set(after.rests.map(keyOf));
  const members = new Set(after.credentials);
  const news: PoolNews = {
    at: now,
    rests: after.rests.filter((rest) => JSON.stringify(known.get(keyOf(rest))?.rest) !== JSON.stringify(rest.rest)),
    // A rest whose time is over is no news, nor is one of a credential that has gone.
    ended: before.rests
      .filter((rest) => !present.has(keyOf(rest)) && members.has(rest.credential) && !isOver(rest.rest, now))
      .map(({ credential, of, rest }) => ({ credential, of, since: rest.since })),
    disabled: after.disabled.filter((credential) => !before.disabled.includes(credential)),
    enabled: before.disabled.filter((credential) => !after.disabled.includes(credential) && members.has(credential)),
    identities: unknown(before.identities, after.identities),
    limits: unknown(before.limits, after.limits),
  };
  const { at: _, ...lists } = news;
  return Object.values(lists).some(({ length }) => length > 0) ? news : undefined;
}

/** Everything, for somebody who has missed it. */
export const allNews = (knowledge: PoolKnowledge, now: number): PoolNews => ({
  ...{ at: now, rests: knowledge.rests, ended: [], disabled: knowledge.disabled, enabled: [] },
  ...{ identities: knowledge.identities, limits: knowledge.limits },
});

export function hearNews(news: PoolNews, roster: Roster, { clock, calls }: LeaseBook): void {
  const slots = new Map(roster.slots().map((slot) => [slot.digest, slot]));
  const now = clock.now();
  const shift = now - news.at;
  // First, because it decides whose rests and limits the others are.
  for (const { credential, identity } of news.identities) {
    const slot = slots.get(credential);
    if (slot) roster.learn(slot, identity);
  }
  for (const { credential, of, rest } of news.rests) {
    const slot = slots.get(credential);
    if (slot) restIn(slot, of).heard(shifted(rest, shift), calls.newest);
  }
  for (const { credential, of, since } of news.ended) {
    const slot = slots.get(credential);
    if (slot) restIn(slot, of).heardOfEnd(since + shift);
  }
  for (const { credential, told } of news.limits) {
    for (const limit of told) slots.get(credential)?.account.gate.limits.named(limit, clock.ticks());
  }
  for (const credential of news.disabled) enable(slots.get(credential), false);
  for (const credential of news.enabled) enable(slots.get(credential), true);
}

function restIn(slot: Slot, of: KeptRest['of']): Rest {
  if (of === 'account') return slot.account.rest;
  return of === 'credential' ? slot.rest : slot.restOf(of.model);
}

function shifted(rest: RestRecord, ms: number): RestRecord {
  const { since, until, resetsAt } = rest;
  return {
    ...rest,
    since: since + ms,
    until: until + ms,
    ...(resetsAt === undefined ? {} : { resetsAt: resetsAt + ms }),
  };
}

function enable(slot: Slot | undefined, enabled: boolean): void {
  if (slot) slot.enabled = enabled;
}

const keyOf = ({ credential, of }: Pick<KeptRest, 'credential' | 'of'>): string => JSON.stringify([credential, of]);

const isOver = ({ end, until }: RestRecord, now: number): boolean => end === 'open' && until <= now;

function unknown<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  const known = new Set(before.map((item) => JSON.stringify(item)));
  return after.filter((item) => !known.has(JSON.stringify(item)));
}
