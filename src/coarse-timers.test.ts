import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CoarseTimers } from './coarse-timers.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('goes off not before its time and at most one step late', () => {
  const timers = new CoarseTimers(250);
  vi.advanceTimersByTime(1_130);
  let fired = false;
  timers.after(5_000, () => (fired = true));
  vi.advanceTimersByTime(4_999);
  expect(fired).toBe(false);
  vi.advanceTimersByTime(501);
  expect(fired).toBe(true);
});

test('what is taken back does not go off, and nothing ticks when nobody waits', () => {
  const timers = new CoarseTimers(250);
  let fired = 0;
  const action = () => fired++;
  const cancel = timers.after(1_000, action);
  timers.after(1_000, action);
  cancel();
  vi.advanceTimersByTime(2_000);
  expect(fired).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('a timer may set another one', () => {
  const timers = new CoarseTimers(100);
  const fired: string[] = [];
  timers.after(200, () => {
    fired.push('first');
    timers.after(200, () => fired.push('second'));
  });
  vi.advanceTimersByTime(1_000);
  expect(fired).toEqual(['first', 'second']);
});
