import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlidingWindow } from './sliding-window.ts';

const SPAN = 60_000;
const SLOT = SPAN / 240;

const adds = fc.array(fc.record({ after: fc.nat(20_000), amount: fc.nat(100) }), { maxLength: 60, size: 'max' });

test('what was added counts for the span, and at most two slots longer', () => {
  fc.assert(
    fc.property(adds, fc.nat(1_000_000), (steps, start) => {
      const window = new SlidingWindow(SPAN);
      const known: { at: number; amount: number }[] = [];
      let now = start;
      for (const { after, amount } of steps) {
        now += after;
        window.add(now, amount);
        known.push({ at: now, amount });
        const sum = (span: number) =>
          known.filter(({ at }) => at > now - span).reduce((total, one) => total + one.amount, 0);
        expect(window.total(now)).toBeGreaterThanOrEqual(sum(SPAN));
        expect(window.total(now)).toBeLessThanOrEqual(sum(SPAN + 2 * SLOT));
      }
    }),
  );
});

test('tells exactly when it has fallen to a sum', () => {
  fc.assert(
    fc.property(adds, fc.nat(2_000), (steps, most) => {
      const window = new SlidingWindow(SPAN);
      let now = 0;
      for (const { after, amount } of steps) {
        now += after;
        window.add(now, amount);
      }
      const wait = window.fallsTo(most, now);
      const total = window.total(now);
      expect(wait === 0).toBe(total <= most);
      if (wait === 0) return;
      expect(window.total(now + wait - 0.001)).toBeGreaterThan(most);
      expect(window.total(now + wait)).toBeLessThanOrEqual(most);
    }),
  );
});
