import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Postgres } from '../services/postgres.ts';
import { Redis } from '../services/redis.ts';
import type { Settings } from '../setup.ts';
import { until } from '../until.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { type Fleet, says, startFleet, statuses } from './fleet.ts';

/** kimi-k2.6 at moonshot-cn: 6.5 CNY for a million tokens of prompt, 27 of answer. */
const COST = 0.027_065;
const ANSWER = { ...says('sim: usage 10 1000\nsim: say hi'), max_tokens: 1_000 };

const spent = async (fleet: Fleet, name = 'team') => (await fleet.admin(`/${name}`)).body.spent;
const create = async (fleet: Fleet, rules: Settings) =>
  (await fleet.admin('', { method: 'POST', body: { name: 'team', ...rules } })).body.key as string;

/** The same budgets of one process and of three that share their servers. */
function describeBudgets(name: string, tests: (start: () => Promise<Fleet>) => void): void {
  describe(`${name} (one process, SQLite)`, () => tests(() => startFleet(1)));
  describe(`${name} (three, PostgreSQL and Redis)`, () => {
    let postgres: Postgres | undefined;
    let redis: Redis | undefined;
    beforeAll(async () => {
      [postgres, redis] = await Promise.all([Postgres.start(), Redis.start()]);
    });
    afterAll(async () => {
      await postgres?.[Symbol.asyncDispose]();
      await redis?.[Symbol.asyncDispose]();
    });
    tests(async () => {
      const servers = { database: await postgres?.createDatabase(), coordination: redis?.url };
      // With a key of its own no member is open while it has not yet heard of the first issued one.
      const fleet = await startFleet(3, { ...servers, keys: [{ name: 'own', key: 'own-key-0123456789' }] });
      await until(() => fleet.gateways.every(({ runtime }) => runtime.state.coordination.shared), 'Redis');
      return fleet;
    });
  });
}

describeBudgets('budgets', (start) => {
  test('calls whose size is known never overspend', async () => {
    await using fleet = await start();
    const key = await create(fleet, { budget: { currency: 'CNY', daily: 0.5 } });
    const all: number[] = [];
    // Waves: what was set aside too much comes back.
    for (let wave = 0; wave < 4; wave++) {
      all.push(
        ...(await statuses(
          Array.from({ length: 20 }, (_, at) => fleet.chat(key, { ...ANSWER, stream: at % 2 === 0 })),
        )),
      );
    }
    const served = all.filter((status) => status === 200).length;
    const sum = await spent(fleet);
    expect(sum.currency).toBe('CNY');
    expect(sum.daily).toBeCloseTo(served * COST, 6);
    expect(sum.daily).toBeLessThanOrEqual(0.5);
    expect(served).toBe(Math.floor(0.5 / COST));
    expect(new Set(all)).toEqual(new Set([200, 429]));
  });

  test('calls that turn out larger overspend by no more than those under way', async () => {
    await using fleet = await start();
    const key = await create(fleet, { budget: { currency: 'CNY', monthly: 1 } });
    const large = { ...says('sim: usage 20000 1000\nsim: say hi'), max_tokens: 1_000 };
    const cost = (20_000 * 6.5 + 1_000 * 27) / 1e6;
    const together = 6;
    const work = async (): Promise<number> => {
      let served = 0;
      for (;;) {
        const [status] = await statuses([fleet.chat(key, large)]);
        if (status !== 200) return served;
        served++;
      }
    };
    const served = (await Promise.all(Array.from({ length: together }, work))).reduce((sum, one) => sum + one);
    const { monthly } = await spent(fleet);
    expect(monthly).toBeCloseTo(served * cost, 6);
    expect(monthly).toBeLessThanOrEqual(1 + together * cost);
    expect(monthly).toBeGreaterThan(1 - cost);
  });

  test('a client that leaves pays for what it got, and gives back the rest', async () => {
    await using fleet = await start();
    const key = await create(fleet, { budget: { currency: 'CNY', daily: 0.3 } });
    const long = { ...says(`sim: say ${'word '.repeat(300)}\nsim: stall 30`), max_tokens: 10_000, stream: true };
    const response = await fleet.chat(key, long);
    const reader = response.body?.getReader();
    await reader?.read();
    // All but this is set aside.
    expect(await statuses([fleet.chat(key, { ...ANSWER, max_tokens: 2_000 })])).toEqual([429]);
    await reader?.cancel();
    const { daily } = await until(async () => {
      const now = await spent(fleet);
      return now.daily > 0 ? now : undefined;
    }, 'the spending');
    expect(daily).toBeLessThan(0.02);
    expect(await statuses([fleet.chat(key, { ...ANSWER, max_tokens: 2_000 })])).toEqual([200]);
  });
});

describe('what a budget means', () => {
  test('days and months begin where the owner says; the refusal tells when', async () => {
    const clock = new VirtualClock();
    await using fleet = await startFleet(1, { budgets: { utc_offset_minutes: 480 } }, { now: clock.now });
    const key = await create(fleet, { budget: { currency: 'CNY', daily: 0.03, monthly: 0.06 } });
    const ask = async () => {
      const response = await fleet.chat(key, ANSWER);
      const { error } = (await response.json()) as { error?: Record<string, unknown> };
      return { status: response.status, error, headers: response.headers };
    };
    expect((await ask()).status).toBe(200);
    const daily = await ask();
    expect(daily.error).toMatchObject({
      type: 'insufficient_quota',
      code: 'budget_exhausted',
      limit: 'budget_daily',
      resets_at: '2026-11-21T16:00:00.000Z',
    });
    expect(daily.headers.get('retry-after')).toBe(String(16 * 3_600));
    expect(daily.headers.get('x-should-retry')).toBe('false');
    clock.advance(16 * 3_600_000);
    expect((await ask()).status).toBe(200);
    clock.advance(24 * 3_600_000);
    expect((await ask()).error).toMatchObject({ limit: 'budget_monthly', resets_at: '2026-11-30T16:00:00.000Z' });
    clock.advance(9 * 24 * 3_600_000);
    expect((await ask()).status).toBe(200);
  });

  test('costs in the other currency count by the rate of the configuration', async () => {
    await using fleet = await startFleet(1, { budgets: { cny_per_usd: 10 } });
    const key = await create(fleet, { budget: { daily: 1 } });
    await statuses([fleet.chat(key, ANSWER)]);
    expect(await spent(fleet)).toMatchObject({ currency: 'USD', daily: expect.closeTo(COST / 10, 6) });
  });

  test('what has no known price is refused, or free where the owner says so', async () => {
    await using source = await startFleet(1);
    const base = source.gateways[0]?.runtime.config.surfaces['moonshot-cn']?.base_url;
    const key = { key: 'sk-rig-cn-0f8e7d6c5b4a39281706' };
    await using fleet = await startFleet(1, {
      surfaces: { other: { type: 'compatible', base_url: base, credentials: [key], models: { mine: 'kimi-k2.6' } } },
      routes: { default: ['other'] },
      keys: [
        { name: 'strict', key: 'strict-key-0123456789', budget: { daily: 1 } },
        { name: 'easy', key: 'easy-key-0123456789', budget: { daily: 1, unpriced: 'free' } },
      ],
    });
    const refused = await fleet.chat('strict-key-0123456789', { model: 'mine' });
    expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'model_not_allowed' } }]);
    expect(await statuses([fleet.chat('easy-key-0123456789', { model: 'mine' })])).toEqual([200]);
    expect(await spent(fleet, 'easy')).toMatchObject({ daily: 0 });
  });

  test('what a process that died had set aside is free again within two hours', async () => {
    const clock = new VirtualClock();
    await using fleet = await startFleet(1, {}, { now: clock.now });
    const key = await create(fleet, { budget: { currency: 'CNY', monthly: 0.06 } });
    const [gateway] = fleet.gateways;
    const { id } = (await fleet.admin('/team')).body;
    await statuses([fleet.chat(key, ANSWER)]);
    // Of a call that never ends.
    await gateway?.keys.budgets.hold(
      { id, name: 'team', rules: { budget: { currency: 'CNY', monthly: 0.06, unpriced: 'free' } } },
      4_000_000,
    );
    expect(await statuses([fleet.chat(key, ANSWER)])).toEqual([429]);
    clock.advance(2 * 3_600_000);
    expect(await statuses([fleet.chat(key, ANSWER)])).toEqual([200]);
  });
});
