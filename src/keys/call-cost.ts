import { costNano, priceAt, type Rate, type Tokens } from '../models/cost.ts';
import type { AccountSystem, Price } from '../models/facts.ts';

/** Who charges for a call: an account system by the token, a subscription nothing by the token, others nobody knows what. */
export type Charge = AccountSystem | 'nothing' | 'unknown';

/** The price of a model on a surface; `free`: nothing by the token; undefined: nobody knows. */
export function priceOf(model: string, charge: Charge, at: number): Price | 'free' | undefined {
  if (charge === 'nothing') return 'free';
  if (charge === 'unknown') return undefined;
  const other = charge === 'moonshot-cn' ? 'moonshot-ai' : 'moonshot-cn';
  // Some prices are known of one account system only; they are near enough to hold a budget by.
  return priceAt(model, charge, at) ?? priceAt(model, other, at);
}

/** Billionths of a dollar, rounded up. */
export function dollarNano(tokens: Tokens, price: Rate, cnyPerUsd: number): number {
  const cost = costNano(tokens, price);
  return Math.ceil(price.currency === 'USD' ? cost : cost / cnyPerUsd);
}
