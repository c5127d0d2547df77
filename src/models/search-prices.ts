import type { AccountSystem, Currency } from './facts.ts';

/** What the platform charges for one search beside the tokens of its results. */
export interface SearchPrice {
  readonly system: AccountSystem;
  readonly currency: Currency;
  readonly each: number;
  readonly source: string;
  readonly seen: string;
}

/**
 * Stated of `$web_search`; the page on official tools refers to the same prices for the Formula. That the Formula costs
 * the same was not verified on a bill.
 */
export const SEARCH_PRICES: readonly SearchPrice[] = [
  {
    system: 'moonshot-cn',
    currency: 'CNY',
    each: 0.03,
    source: 'platform.kimi.com/docs/pricing/tools',
    seen: '2026-11-21',
  },
  {
    system: 'moonshot-ai',
    currency: 'USD',
    each: 0.004,
    source: 'www.kimi.com/help/kimi-api/api-billing-and-finance',
    seen: '2026-11-21',
  },
];

/** Billionths of a currency; undefined where no price is known. */
export function searchCost(searches: number, system: AccountSystem): { nano: number; currency: Currency } | undefined {
  const price = SEARCH_PRICES.find((row) => row.system === system);
  return price && { nano: Math.round(searches * price.each * 1_000_000_000), currency: price.currency };
}
