/** Time, ids and chance behind one object, so that tests move the clock instead of waiting for it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a steady clock with fractions, for durations. */
  ticks(): number;
  /** Calls `action` after `ms` milliseconds; the returned function takes that back. Never keeps the process alive. */
  after(ms: number, action: () => void): () => void;
  /** A new id that nobody else has. */
  id(): string;
  /** A number in [0, 1). */
  random(): number;
}

let issued = 0;
const bootPart = Math.random().toString(36).slice(2, 10).padEnd(8, '0');

export const systemClock: Clock = {
  now: Date.now,
  ticks: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  // Unique within a process by the counter and between processes by the boot part; ten times cheaper than a UUID.
  id: () => `${bootPart}${(++issued).toString(36).padStart(6, '0')}`,
  random: Math.random,
};
