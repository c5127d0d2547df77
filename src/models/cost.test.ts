import { expect, test } from 'vitest';
import { choosePrice, costNano, priceAt } from './cost.ts';
import type { Price } from './facts.ts';

const price = (more: Partial<Price>): Price => ({
  system: 'moonshot-ai',
  currency: 'USD',
  input: 1,
  cached: 0.1,
  output: 4,
  ...more,
});

test('the price is the one of the account system at that time', () => {
  const old = price({ input: 1, until: '2026-11-01' });
  const now = price({ input: 2, from: '2026-11-01', until: '2027-01-01' });
  const prices = [old, now, price({ system: 'moonshot-cn', currency: 'CNY' })];
  const at = (day: string) => choosePrice(prices, 'moonshot-ai', Date.parse(day));
  expect(at('2026-10-31T23:59:59.999Z')).toBe(old);
  expect(at('2026-11-01')).toBe(now);
  expect(at('2027-01-01')).toBeUndefined();
  expect(choosePrice(prices, 'moonshot-cn', Date.parse('2030-01-01'))?.currency).toBe('CNY');
});

test('cached tokens cost less, reasoning is part of the output, sums are exact', () => {
  expect(costNano({ input: 1_000_000, cached: 0, output: 0 }, price({}))).toBe(1_000_000_000);
  expect(costNano({ input: 1_000, cached: 900, output: 10 }, price({}))).toBe(100 * 1_000 + 900 * 100 + 10 * 4_000);
  // A surface that counts the cached tokens apart must not make the cost negative.
  expect(costNano({ input: 10, cached: 50, output: 0 }, price({}))).toBe(1_000);
});

test('the catalogue has a price for each account system, and none for the subscription', () => {
  expect(priceAt('kimi-k3', 'moonshot-cn', Date.now())?.currency).toBe('CNY');
  expect(priceAt('kimi-k3', 'moonshot-ai', Date.now())?.currency).toBe('USD');
  expect(priceAt('kimi-for-coding', 'moonshot-cn', Date.now())).toBeUndefined();
});
