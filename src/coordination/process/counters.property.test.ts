import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../clock.ts';
import { SLICES } from '../coordination.ts';
import { ProcessCoordination } from './process-coordination.ts';

const WINDOW_MS = 12_000;
const LIMIT = 20;

const steps = fc.array(
  fc.record({ waitMs: fc.integer({ min: 0, max: 4_000 }), amount: fc.integer({ min: 1, max: 12 }) }),
  { minLength: 1, maxLength: 80 },
);

test('no window ever holds more than its limit, and nothing is denied that fits with one slice to spare', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      let now = 1_790_000_000_123;
      const coordination = new ProcessCoordination({ ...systemClock, now: () => now });
      const taken: { readonly at: number; readonly amount: number }[] = [];
      const within = (ms: number) =>
        taken.filter(({ at }) => at > now - ms).reduce((sum, { amount }) => sum + amount, 0);
      for (const { waitMs, amount } of list) {
        now += waitMs;
        const demand = { kind: 'window', key: 'k', amount, limit: LIMIT, windowMs: WINDOW_MS } as const;
        const reservation = await coordination.reserve([demand]);
        if (reservation.granted) taken.push({ at: now, amount });
        else expect(within(WINDOW_MS + WINDOW_MS / SLICES) + amount).toBeGreaterThan(LIMIT);
        expect(within(WINDOW_MS)).toBeLessThanOrEqual(LIMIT);
        if (reservation.granted) continue;
        // What it says of the time to wait is true, and not too long.
        expect(reservation.retryAfterMs).toBeGreaterThan(0);
        expect(reservation.retryAfterMs).toBeLessThanOrEqual(WINDOW_MS + WINDOW_MS / SLICES);
        now += reservation.retryAfterMs;
        expect((await coordination.reserve([demand])).granted).toBe(true);
        taken.push({ at: now, amount });
      }
    }),
    { numRuns: 300 },
  );
});
