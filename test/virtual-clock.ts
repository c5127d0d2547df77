import { type Clock, systemClock } from '../src/clock.ts';
import { until } from './until.ts';

interface Timer {
  readonly at: number;
  readonly ms: number;
  readonly action: () => void;
}

/** A clock whose timers can be counted, so that a test sees what the gateway leaves behind. */
export interface CountedClock extends Clock {
  /** How many timers are waiting. */
  readonly pending: number;
}

/** The system's clock, counted. */
export function countedClock(): CountedClock {
  const waiting = new Set<object>();
  return {
    ...systemClock,
    get pending() {
      return waiting.size;
    },
    after(ms, action) {
      const mark = {};
      waiting.add(mark);
      const cancel = systemClock.after(ms, () => {
        waiting.delete(mark);
        action();
      });
      return () => {
        waiting.delete(mark);
        cancel();
      };
    },
  };
}

/** Time that stands still until a test moves it. Sockets stay real, so a test waits for a timer before it moves on. */
export class VirtualClock implements CountedClock {
  #now = Date.UTC(2026, 10, 21);
  #ids = 0;
  readonly #started = this.#now;
  readonly #timers = new Set<Timer>();

  now = (): number => this.#now;
  ticks = (): number => this.#now - this.#started;
  id = (): string => `virtual-${++this.#ids}`;
  random = (): number => 0;

  after = (ms: number, action: () => void): (() => void) => {
    const timer = { at: this.#now + ms, ms, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Waits until somebody has set a timer of `ms`. */
  async timer(ms: number): Promise<void> {
    await until(
      () => [...this.#timers].some((timer) => timer.ms === ms),
      `a timer of ${ms} ms; there are ${[...this.#timers].map((timer) => timer.ms).join(', ')}`,
    );
  }

  /** Moves time; timers fire in their order, those that they set as well. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = end;
  }

  /** Waits for the timer and fires it. */
  async fire(ms: number): Promise<void> {
    await this.timer(ms);
    this.advance(ms);
  }
}
