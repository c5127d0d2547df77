import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Coordination, type Demand, type Reservation, SLICES } from '../../src/coordination/coordination.ts';
import { until } from '../until.ts';
import { describeCoordinations } from './engines.ts';

const key = () => randomUUID();
const granted = (reservations: readonly Reservation[]) => reservations.filter((one) => one.granted).length;
const many = <T>(count: number, one: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => one(at));

describeCoordinations('coordination', (join) => {
  const kinds: readonly ((name: string) => Demand)[] = [
    (name) => ({ kind: 'window', key: name, amount: 1, limit: 25, windowMs: 60_000 }),
    (name) => ({ kind: 'period', key: name, amount: 1, limit: 25, endsAt: Date.now() + 60_000 }),
    (name) => ({ kind: 'slot', key: name, limit: 25 }),
  ];

  test.each(kinds)('a limit holds exactly among processes that ask at once: %o', async (demand) => {
    const processes = [join(), join(), join()];
    const name = key();
    const asked = processes.flatMap((one) => many(30, () => one.reserve([demand(name)])));
    expect(granted(await Promise.all(asked))).toBe(25);
  });

  test('all that is demanded is taken, or nothing', async () => {
    const one = join();
    const [wide, narrow] = [key(), key()];
    const demands: readonly Demand[] = [
      { kind: 'window', key: wide, amount: 10, limit: 100, windowMs: 60_000 },
      { kind: 'slot', key: narrow, limit: 1 },
    ];
    const first = await one.reserve(demands);
    expect(first).toMatchObject({ granted: true, levels: [{ used: 10 }, { used: 1 }] });
    expect(await one.reserve(demands)).toMatchObject({
      granted: false,
      denied: 1,
      levels: [{ used: 10 }, { used: 1 }],
    });
    if (first.granted) await first.end();
    expect(await one.reserve(demands)).toMatchObject({ granted: true, levels: [{ used: 20 }, { used: 1 }] });
  });

  test('a window tells when it fits again, and when it is empty', async () => {
    const one = join();
    const demand = { kind: 'window', key: key(), amount: 6, limit: 10, windowMs: 3_000 } as const;
    const first = await one.reserve([demand]);
    const slice = demand.windowMs / SLICES;
    expect(first.levels[0]?.resetMs).toBeGreaterThanOrEqual(demand.windowMs);
    expect(first.levels[0]?.resetMs).toBeLessThanOrEqual(demand.windowMs + slice);
    const began = performance.now();
    const denied = await one.reserve([demand]);
    if (denied.granted) throw new Error('granted');
    expect(denied.retryAfterMs).toBeGreaterThan(0);
    expect(denied.retryAfterMs).toBeLessThanOrEqual(demand.windowMs + slice);
    await until(async () => (await one.reserve([demand])).granted, 'room in the window', 30_000);
    // Not before it was told; how much later is the machine's business.
    expect(performance.now() - began).toBeGreaterThanOrEqual(denied.retryAfterMs - slice);
  });

  test('a period ends when it is said to', async () => {
    const one = join();
    const demand: Demand = { kind: 'period', key: key(), amount: 1, limit: 1, endsAt: Date.now() + 2_000 };
    expect((await one.reserve([demand])).granted).toBe(true);
    expect((await one.reserve([demand])).granted).toBe(false);
    await until(
      async () => (await one.reserve([{ ...demand, endsAt: Date.now() + 60_000 }])).granted,
      'the next period',
    );
  });

  test('real amounts correct what was reserved, both ways, once', async () => {
    const one = join();
    const minute: Demand = { kind: 'window', key: key(), amount: 100, limit: 1_000, windowMs: 60_000 };
    const day: Demand = { kind: 'period', key: key(), amount: 100, limit: 1_000, endsAt: Date.now() + 60_000 };
    const look = async () => {
      const { levels } = await one.reserve([
        { ...minute, amount: 0 },
        { ...day, amount: 0 },
      ]);
      return levels.map(({ used }) => used);
    };
    const first = await one.reserve([minute, day]);
    const second = await one.reserve([minute, day]);
    expect(await look()).toEqual([200, 200]);
    if (!first.granted || !second.granted) throw new Error('denied');
    await first.end([30, 30]);
    await first.end([0, 0]);
    expect(await look()).toEqual([130, 130]);
    await second.end([undefined, 250]);
    expect(await look()).toEqual([130, 280]);
  });

  test('what has no limit is counted', async () => {
    const one = join();
    const demand: Demand = { kind: 'slot', key: key() };
    const reservations = await Promise.all(many(5, () => one.reserve([demand])));
    expect(reservations.map(({ levels }) => levels[0]?.used).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test('a lock is held by one at a time, in turn, with a growing fence', async () => {
    const processes = [join(), join(), join()];
    const name = key();
    const order: number[] = [];
    let inside = 0;
    const work = async (one: Coordination) => {
      const lock = await one.lock(name, { waitMs: 15_000, queue: 100 });
      if (!lock.held) throw new Error(lock.why);
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      order.push(lock.fence);
      inside--;
      await lock.release();
      await lock.release();
    };
    await Promise.all(processes.flatMap((one) => many(8, () => work(one))));
    expect(order).toHaveLength(24);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBe(24);
  });

  test('inside a process whoever came first gets the lock first', async () => {
    const one = join();
    const name = key();
    const order: number[] = [];
    await Promise.all(
      many(20, async (index) => {
        const lock = await one.lock(name, { waitMs: 15_000, queue: 100 });
        order.push(index);
        if (lock.held) await lock.release();
      }),
    );
    expect(order).toEqual(many(20, (index) => index));
  });

  test('waiting for a lock ends: by its limit, a full queue, or the caller', async () => {
    const [one, other] = [join(), join()];
    const name = key();
    const lock = await one.lock(name, { waitMs: 0, queue: 1 });
    expect(lock.held).toBe(true);
    const leaving = new AbortController();
    const waiting = one.lock(name, { waitMs: 9_000, queue: 1, signal: leaving.signal });
    expect(await one.lock(name, { waitMs: 9_000, queue: 1 })).toEqual({ held: false, why: 'queue-full' });
    leaving.abort();
    expect(await waiting).toEqual({ held: false, why: 'aborted' });
    expect(await other.lock(name, { waitMs: 120, queue: 5 })).toEqual({ held: false, why: 'too-late' });
    if (lock.held) await lock.release();
    const next = await other.lock(name, { waitMs: 5_000, queue: 5 });
    expect(next.held).toBe(true);
    if (next.held) await next.release();
  });

  test('values are shared and expire', async () => {
    const [one, other] = [join(), join()];
    const name = key();
    expect(await one.get(name)).toBeUndefined();
    await one.set(name, 'läuft', 60_000);
    expect(await other.get(name)).toBe('läuft');
    await other.set(name, 'short', 150);
    await until(async () => (await one.get(name)) === undefined, 'the end of the value');
    await one.set(name, 'again', 60_000);
    await other.delete(name);
    expect(await one.get(name)).toBeUndefined();
  });

  test('counting from many places loses none, and ends', async () => {
    const [one, other] = [join(), join()];
    const name = key();
    const sums = await Promise.all([one, other].flatMap((where) => many(10, () => where.increment(name, 2_000))));
    expect(sums.sort((a, b) => a - b)).toEqual(many(20, (index) => index + 1));
    await until(async () => (await one.increment(name, 60_000)) === 1, 'the end of the count');
  });

  test('a message reaches every process that listens, the sender too', async () => {
    const processes = [join(), join()];
    const channel = key();
    const heard: string[] = [];
    const ends = processes.map((one, index) =>
      one.subscribe(channel, { message: (text) => heard.push(`${index}:${text}`), gap() {} }),
    );
    await until(async () => {
      await processes[0]?.publish(channel, 'ping');
      return heard.includes('0:ping') && heard.includes('1:ping');
    }, 'both processes');
    for (const end of ends) end();
    await until(async () => {
      const before = heard.length;
      await processes[0]?.publish(channel, 'pong');
      return heard.length === before;
    }, 'silence');
  });
});
