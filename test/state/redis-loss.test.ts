import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Demand } from '../../src/coordination/coordination.ts';
import { silentLog } from '../../src/log.ts';
import { freePort } from '../services/free-port.ts';
import { Redis } from '../services/redis.ts';
import { until } from '../until.ts';
import { joinRedis } from './engines.ts';

function told() {
  const lines: string[] = [];
  const say = (_fields: object, message: string) => lines.push(message);
  return { lines, log: { ...silentLog, warn: say, error: say } };
}

test('lost in mid-load, every process goes on for itself, loudly; when it is back they share again', async () => {
  await using server = await Redis.start();
  const { lines, log } = told();
  const [one, other] = [joinRedis(server.url, log), joinRedis(server.url)];
  const heard: string[] = [];
  one.subscribe('news', { message: (text) => heard.push(text), gap: () => heard.push('gap') });
  const demand = (): Demand => ({ kind: 'window', key: 'load', amount: 1, windowMs: 60_000 });

  let isOver = false;
  let done = 0;
  const workers = [one, other, one, other];
  const rounds = workers.map(() => 0);
  /** Every worker goes on: none is held up by what another one has met. */
  const moreOfEach = (count: number, what: string) => {
    const before = [...rounds];
    return until(() => rounds.every((now, at) => now >= (before[at] ?? 0) + count), what);
  };
  const load = Promise.all(
    workers.map(async (coordination, worker) => {
      while (!isOver) {
        const reservation = await coordination.reserve([demand(), { kind: 'slot', key: 'slots' }]);
        const lock = await coordination.lock(`lock-${done % 3}`, { waitMs: 9_000, queue: 50 });
        await coordination.set('value', 'x', 9_000);
        if (lock.held) await lock.release();
        if (reservation.granted) await reservation.end();
        done++;
        rounds[worker] = (rounds[worker] ?? 0) + 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  await until(() => done > 50 && one.shared && other.shared, 'load');
  await server.stop();
  await until(() => !one.shared && !other.shared, 'the loss');
  await moreOfEach(10, 'work while it is away');

  const limited: Demand = { kind: 'slot', key: randomUUID(), limit: 1 };
  expect((await one.reserve([limited])).granted).toBe(true);
  expect((await one.reserve([limited])).granted).toBe(false);
  expect((await other.reserve([limited])).granted).toBe(true);

  await server.start();
  await until(() => one.shared && other.shared, 'the server again');
  const shared: Demand = { kind: 'slot', key: randomUUID(), limit: 1 };
  expect((await one.reserve([shared])).granted).toBe(true);
  expect((await other.reserve([shared])).granted).toBe(false);
  await moreOfEach(10, 'work with the server again');
  isOver = true;
  await load;
  expect(heard).toContain('gap');
  await until(async () => {
    await other.publish('news', 'hello');
    return heard.includes('hello');
  }, 'messages again');
  expect(one.losses).toBe(1);
  expect(lines).toEqual([
    'the coordination server is lost: limits hold for each process alone',
    'the coordination server is back',
  ]);
  await Promise.all([one.close(), other.close()]);
});

test('a server that was never there holds nobody up', async () => {
  const { lines, log } = told();
  // No timer ever fires: whoever waited for one would wait for ever.
  const clock = { ...systemClock, after: () => () => {} };
  const one = joinRedis(`redis://127.0.0.1:${await freePort()}`, log, clock);
  for (let at = 0; at < 50; at++) {
    expect((await one.reserve([{ kind: 'slot', key: 'a', limit: 50 }])).granted).toBe(true);
  }
  expect(lines).toEqual(['the coordination server is lost: limits hold for each process alone']);
  await one.close();
});

test.concurrent('what a process that died held is free again', async () => {
  await using server = await Redis.start();
  const [dying, living] = [joinRedis(server.url), joinRedis(server.url)];
  const lock = await dying.lock('conversation', { waitMs: 1_000, queue: 1 });
  expect(lock.held).toBe(true);
  await dying.close();
  expect(await living.lock('conversation', { waitMs: 100, queue: 1 })).toMatchObject({ held: false });
  const next = await living.lock('conversation', { waitMs: 40_000, queue: 1 });
  expect(next.held && lock.held && next.fence > lock.fence).toBe(true);
  await living.close();
});

test.concurrent('who has lost the lock is told, and does not free it for its successor', async () => {
  await using server = await Redis.start();
  // Time that passes for the first holder only when the test says so: it was stopped for long.
  const timers: (() => void)[] = [];
  const clock = {
    ...systemClock,
    after: (ms: number, action: () => void) => {
      if (ms < 3_000) return systemClock.after(ms, action);
      timers.push(action);
      return () => {};
    },
  };
  const [stopped, living] = [joinRedis(server.url, silentLog, clock), joinRedis(server.url)];
  const first = await stopped.lock('conversation', { waitMs: 1_000, queue: 1 });
  const second = await living.lock('conversation', { waitMs: 40_000, queue: 1 });
  if (!first.held || !second.held) throw new Error('not held');
  for (const renew of timers.splice(0)) renew();
  await until(() => first.lost.aborted, 'word of the loss');
  await first.release();
  expect(await stopped.lock('conversation', { waitMs: 50, queue: 1 })).toMatchObject({ held: false });
  expect(second.lost.aborted).toBe(false);
  await second.release();
  await Promise.all([stopped.close(), living.close()]);
});
