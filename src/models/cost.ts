import { type AccountSystem, factsOf, type Price } from './facts.ts';

/** Tokens as a surface counted them. */
export interface Tokens {
  /** All of the prompt, the cached ones included. */
  readonly input: number;
  readonly cached: number;
  /** All of the answer, reasoning included. */
  readonly output: number;
}

/** What a million tokens cost. */
export type Rate = Pick<Price, 'currency' | 'input' | 'cached' | 'output'>;

/** The price of a model that held at a time, undefined where none is known. */
export function priceAt(model: string, system: AccountSystem, at: number): Price | undefined {
  return choosePrice(factsOf(model)?.prices ?? [], system, at);
}

export function choosePrice(prices: readonly Price[], system: AccountSystem, at: number): Price | undefined {
  return prices.find((price) => price.system === system && holdsAt(price, at));
}

/** Whether a row holds at a time; days begin at midnight UTC. */
export function holdsAt(
  { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined },
  at: number,
): boolean {
  return (from === undefined || at >= Date.parse(from)) && (until === undefined || at < Date.parse(until));
}

/**
 * Billionths of the currency, so that sums are exact: a price per million tokens is a thousand times as many billionths
 * per token. The writes into the cache that the vendor prices apart are not told in its usage; those of five minutes
 * cost as much as input does, those of an hour double (docs.apiyi.com kimi-k3-1, 2026-11-10).
 */
export function costNano({ input, cached, output }: Tokens, price: Rate): number {
  const fresh = Math.max(0, input - cached);
  return Math.round((fresh * price.input + Math.min(cached, input) * price.cached + output * price.output) * 1_000);
}
