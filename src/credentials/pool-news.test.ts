import { expect, test } from 'vitest';
import type { Credential } from '../credential.ts';
import { GatewayError } from '../errors.ts';
import { credential, poolOf } from './fixture.ts';
import { allNews, newsBetween, type PoolNews } from './pool-news.ts';

const MINUTE = 60_000;
const ALL = () => [credential('a', { account: 'x' }), credential('b')];
const overTheWire = (news: PoolNews | undefined): PoolNews => {
  if (!news) throw new Error('there is nothing to tell');
  return JSON.parse(JSON.stringify(news)) as PoolNews;
};

/** Two replicas whose clocks differ by two minutes. */
function replicas(credentials: () => readonly Credential[] = ALL) {
  const [one, other] = [poolOf(credentials()), poolOf(credentials())];
  other.clock.skew += 2 * MINUTE;
  const known = new Map([one, other].map((member) => [member, member.pool.knowledge()]));
  type Member = typeof one;
  const newsOf = (member: Member) => {
    const before = known.get(member) ?? member.pool.knowledge();
    const after = member.pool.knowledge();
    known.set(member, after);
    return newsBetween(before, after, member.clock.now());
  };
  /** What the hearer has met itself goes out before it hears. */
  const tell = (from: Member, to: Member) => {
    const news = newsOf(from);
    if (!news) return undefined;
    const own = newsOf(to);
    to.pool.hear(overTheWire(news));
    if (own) from.pool.hear(overTheWire(own));
    for (const member of [from, to]) known.set(member, member.pool.knowledge());
    return news;
  };
  const advance = (ms: number) => Promise.all([one.clock.advance(ms), other.clock.advance(ms)]);
  return { one, other, tell, advance };
}

const quota = () => new GatewayError('quota_exhausted');
const NOT_A = new Set(['b']);

test('a rest that one has met holds for the other, as long by its own clock', async () => {
  const { one, other, tell, advance } = replicas();
  one.take({ never: NOT_A }).failed(quota());
  expect(tell(one, other)).toBeDefined();
  expect(other.rests('a')).toMatchObject({ because: 'quota_exhausted', since: other.clock.now(), failures: 1 });
  expect(() => other.take({ never: NOT_A })).toThrow('no place');
  // What was heard is not told again.
  expect(tell(other, one)).toBeUndefined();
  await advance(5 * MINUTE);
  const probe = other.take({ never: NOT_A });
  expect(() => other.take({ never: NOT_A })).toThrow('no place');
  probe.succeeded();
  tell(other, one);
  expect([one.rests('a'), other.rests('a')]).toEqual([undefined, undefined]);
});

test('a success of a call that was under way before proves nothing in either', () => {
  const { one, other, tell } = replicas();
  const early = other.take({ never: NOT_A });
  one.take({ never: NOT_A }).failed(quota());
  tell(one, other);
  early.succeeded();
  expect(other.rests('a')).toBeDefined();
});

test('the end of an older rest does not end a newer one', async () => {
  const { one, other, tell, advance } = replicas();
  one.take({ never: NOT_A }).failed(quota());
  tell(one, other);
  await advance(5 * MINUTE);
  const [good, bad] = [one.take({ never: NOT_A }), other.take({ never: NOT_A })];
  good.succeeded();
  await advance(1_000);
  bad.failed(quota());
  tell(one, other);
  expect(other.rests('a')).toMatchObject({ failures: 2 });
});

test('failures in a row are counted by all; a rest whose time is over is no news', async () => {
  const { one, other, tell, advance } = replicas();
  const limited = () => new GatewayError('rate_limited');
  one.take({ never: NOT_A }).failed(limited());
  tell(one, other);
  await advance(2_000);
  expect(tell(one, other)).toBeUndefined();
  other.take({ never: NOT_A }).failed(limited());
  tell(other, one);
  expect(one.rests('a')).toMatchObject({ failures: 2 });
});

test('of two causes the longer one holds, and what only somebody can end stays', () => {
  const { one, other, tell } = replicas();
  other.take({ never: NOT_A }).failed(new GatewayError('account_terminated'));
  one.take({ never: NOT_A }).failed(quota());
  tell(one, other);
  expect(other.rests('a')).toMatchObject({ because: 'account_terminated', end: 'hand' });
  expect(one.rests('a')).toMatchObject({ because: 'account_terminated', end: 'hand' });
});

test('a rest for one model, switches and clearing by hand are told', () => {
  const { one, other, tell } = replicas();
  one.take({ never: NOT_A }).failed(new GatewayError('upstream_model_not_found'));
  one.pool.setEnabled('b', false);
  tell(one, other);
  const shown = () => other.pool.view()[0]?.credentials.map(({ enabled, models }) => [enabled, Object.keys(models)]);
  expect(shown()).toEqual([
    [true, ['m']],
    [false, []],
  ]);
  one.pool.clear('a');
  one.pool.setEnabled('b', true);
  tell(one, other);
  expect(shown()).toEqual([
    [true, []],
    [true, []],
  ]);
});

test('accounts that were learned, and the limits that their surfaces named', () => {
  const { one, other, tell } = replicas(() => [credential('a'), credential('b'), credential('c')]);
  const limited = new GatewayError('rate_limited', {
    message: 'Your account org-1<ak-1> request reached organization max RPM: 3, please try again after 1 seconds',
    retryAfterMs: 1_000,
  });
  const [a, b] = [one.take(), one.take()];
  a.failed(limited);
  b.failed(limited);
  tell(one, other);
  const accounts = other.pool.view()[0]?.accounts;
  expect(accounts?.map(({ identity, limits, rest }) => [identity, limits.rpm, rest?.because])).toEqual([
    ['org-1', 3, 'rate_limited'],
    [undefined, null, undefined],
  ]);
});

test('a credential that one has taken out is not the end of its rest in the other', () => {
  const { one, other, tell } = replicas();
  one.take({ never: NOT_A }).failed(quota());
  tell(one, other);
  one.pool.remove('a');
  expect(tell(one, other)).toBeUndefined();
  expect(other.rests('a')).toBeDefined();
});

test('whoever comes later hears everything at once', () => {
  const { one } = replicas();
  one.take({ never: NOT_A }).failed(quota());
  one.pool.setEnabled('b', false);
  const late = poolOf(ALL());
  late.pool.hear(overTheWire(allNews(one.pool.knowledge(), one.clock.now())));
  expect(late.rests('a')).toMatchObject({ because: 'quota_exhausted' });
  expect(late.pool.view()[0]?.credentials.map(({ enabled }) => enabled)).toEqual([true, false]);
});
