import { CoarseTimers } from './coarse-timers.ts';

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

/** Waits from this length on are measured in steps: they are limits, and most of them are taken back. */
const COARSE_FROM_MS = 5_000;
const coarse = new CoarseTimers(250);

let issued = 0;
const bootPart = Math.random().toString(36).slice(2, 10).padEnd(8, '0');

export const systemClock: Clock = {
  now: Date.now,
  ticks: () => performance.now(),
  after(ms, action) {
    if (ms >= COARSE_FROM_MS) return coarse.after(ms, action);
    const timer = setTimeout(action, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  // Unique within a process by the counter and between processes by the boot part; ten times cheaper than a UUID.
  id: () => `${bootPart}${(++issued).toString(36).padStart(6, '0')}`,
  random: Math.random,
};
