import { expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { credential, request, StillClock } from './fixture.ts';
import { CredentialPool } from './pool.ts';

const STEP_MS = 0.25;

/** As clocks are outside of tests: time goes on while somebody looks, and timers fire a little early. */
class RestlessClock implements Clock {
  readonly #still = new StillClock();
  #reads = 0;
  readonly #early: number;

  constructor(early: number) {
    this.#early = early;
  }

  ticks = (): number => this.#still.ticks() + this.#reads++ * STEP_MS;
  now = (): number => this.ticks() + this.#still.skew;
  after = (ms: number, action: () => void): (() => void) => this.#still.after(Math.max(0, ms - this.#early), action);
  id = (): string => 'id';
  random = (): number => 0;
  advance = (ms: number): Promise<void> => this.#still.advance(ms);
}

test('whoever waits is served when time makes a place free, however the clock runs meanwhile', async () => {
  for (let early = 0; early < 8; early += 0.05) {
    const clock = new RestlessClock(early);
    const pool = new CredentialPool([credential('a')], clock);
    const first = await pool.lease(request());
    first.failed(new GatewayError('rate_limited', { retryAfterMs: 1_000 }));
    let served = false;
    void Promise.resolve(pool.lease(request({ waitMs: 60_000 }))).then(() => {
      served = true;
    });
    await clock.advance(1_500);
    expect([early, served]).toEqual([early, true]);
  }
});
