import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { credential, poolOf, request, settled } from './fixture.ts';
import { Lease } from './lease.ts';

/** Two keys of one account, and a key of another; prompts of up to 3,000 tokens and answers of as many. */
const LIMITS = { concurrency: 3, rpm: 12, tpm: 20_000 };
const MINUTE = 60_000;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ ask: fc.constantFrom('x', 'y', 'z'), prompt: fc.nat(3_000), cap: fc.nat(3_000) }),
  },
  { weight: 4, arbitrary: fc.record({ finish: fc.nat(20), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ fail: fc.nat(20), code: fc.constantFrom('overloaded', 'stream_cut', 'client_closed') }),
  },
  { weight: 1, arbitrary: fc.record({ abort: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ pass: fc.nat(25_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Call {
  readonly owner: string;
  readonly leaving: AbortController;
  readonly tokens: number;
  lease?: Lease;
  state: 'waiting' | 'running' | 'over';
}

class World {
  readonly #made = poolOf(
    [
      credential('a', { account: 'one', limits: LIMITS }),
      credential('b', { account: 'one', limits: LIMITS }),
      credential('c', { account: 'two', limits: LIMITS }),
    ],
    { queueLimit: 50 },
  );
  readonly calls: Call[] = [];
  readonly #admitted: { at: number; account: string }[] = [];
  readonly #spent: { at: number; account: string; tokens: number }[] = [];

  async run(one: Step): Promise<void> {
    if ('ask' in one) this.#ask(one.ask, one.prompt, one.cap);
    else if ('pass' in one) await this.#made.clock.advance(one.pass);
    else if ('abort' in one) this.#nth('waiting', one.abort)?.leaving.abort();
    else if ('finish' in one) this.#finish(this.#nth('running', one.finish), one.share);
    else this.#fail(this.#nth('running', one.fail), one.code as 'overloaded');
    await settled();
    this.#check();
  }

  /** Everything that runs ends, everything that waits gets its place or its refusal. */
  async drain(): Promise<void> {
    for (let round = 0; round < 200 && !this.#made.pool.isIdle; round++) {
      for (const call of this.calls) if (call.state === 'running') this.#finish(call, 1);
      await this.#made.clock.advance(1_000);
      this.#check();
    }
    await this.#made.clock.advance(2 * MINUTE);
    const { pool, clock } = this.#made;
    expect([pool.inFlight, pool.waiting, clock.pending]).toEqual([0, 0, 0]);
    expect(this.calls.filter(({ state }) => state !== 'over')).toEqual([]);
    for (const { used } of pool.view()[0]?.accounts ?? []) {
      expect({ ...used, tpd: 0 }).toEqual({ concurrency: 0, rpm: 0, tpm: 0, tpd: 0 });
    }
  }

  #ask(owner: string, prompt: number, cap: number): void {
    const leaving = new AbortController();
    const call: Call = { owner, leaving, tokens: prompt + cap, state: 'waiting' };
    const waited = this.calls.filter((other) => other.state === 'waiting' && other.owner === owner);
    const estimate = { prompt, cap: () => cap };
    const lease = this.#made.pool.lease(request({ owner, estimate, signal: leaving.signal, waitMs: 90_000 }));
    this.calls.push(call);
    if (lease instanceof Lease) {
      expect(waited, 'a newcomer passed its own owner').toEqual([]);
      this.#begin(call, lease);
      return;
    }
    lease.then(
      (coming) => {
        const earlier = this.calls.slice(0, this.calls.indexOf(call));
        const passed = earlier.filter((other) => other.owner === owner && other.state === 'waiting');
        expect(passed, 'first come, first served').toEqual([]);
        this.#begin(call, coming);
      },
      () => {
        call.state = 'over';
      },
    );
  }

  #begin(call: Call, lease: Lease): void {
    call.lease = lease;
    call.state = 'running';
    this.#admitted.push({ at: this.#made.clock.ticks(), account: lease.credential.account });
  }

  #finish(call: Call | undefined, share: number): void {
    if (!call?.lease) return;
    const used = Math.floor(call.tokens * share);
    call.state = 'over';
    this.#spent.push({ at: this.#made.clock.ticks(), account: call.lease.credential.account, tokens: used });
    call.lease.succeeded({ prompt_tokens: 0, completion_tokens: used });
  }

  #fail(call: Call | undefined, code: 'overloaded'): void {
    if (!call) return;
    call.state = 'over';
    call.lease?.failed(new GatewayError(code));
  }

  #nth(state: Call['state'], index: number): Call | undefined {
    const some = this.calls.filter((call) => call.state === state);
    return some[index % Math.max(1, some.length)];
  }

  #check(): void {
    const now = this.#made.clock.ticks();
    const recent = ({ at }: { at: number }) => at > now - MINUTE;
    for (const account of ['one', 'two']) {
      const ofAccount = (one: { account: string }) => one.account === account;
      const running = this.calls.filter(
        ({ state, lease }) => state === 'running' && lease?.credential.account === account,
      );
      const reserved = running.reduce((sum, { tokens }) => sum + tokens, 0);
      const spent = this.#spent
        .filter((one) => ofAccount(one) && recent(one))
        .reduce((sum, one) => sum + one.tokens, 0);
      expect(running.length).toBeLessThanOrEqual(LIMITS.concurrency);
      expect(this.#admitted.filter((one) => ofAccount(one) && recent(one)).length).toBeLessThanOrEqual(LIMITS.rpm);
      expect(reserved + spent).toBeLessThanOrEqual(LIMITS.tpm);
    }
  }
}

test('whatever calls come, end and leave: the limits hold, owners keep their order, and nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 200, size: 'max' }), async (steps) => {
      const world = new World();
      for (const one of steps) await world.run(one);
      await world.drain();
    }),
    { numRuns: 150 },
  );
});

test('an owner with few calls is not starved by one with many', async () => {
  const { pool, clock } = poolOf([credential('a', { limits: { concurrency: 4 } })]);
  const turns: string[] = [];
  const call = async (owner: string) => {
    const lease = await pool.lease(request({ owner, waitMs: 600_000 }));
    turns.push(owner);
    clock.after(1_000, () => lease.succeeded());
  };
  const greedy = Array.from({ length: 200 }, () => call('greedy'));
  const modest = Array.from({ length: 5 }, () => call('modest'));
  await clock.advance(300_000);
  await Promise.all([...greedy, ...modest]);
  // 4 run before the modest one comes; from then on every other place is its own.
  expect(turns.indexOf('modest')).toBeLessThanOrEqual(6);
  expect(turns.lastIndexOf('modest')).toBeLessThanOrEqual(14);
});
