import { estimatePromptTokens } from '../chat/estimate-tokens.ts';
import { dollarNano } from '../keys/call-cost.ts';
import type { Tokens } from '../models/cost.ts';
import type { Resolution } from '../models/resolve.ts';
import { searchCost } from '../models/search-prices.ts';
import type { ChatAnswer } from '../pipeline/call.ts';
import type { Asked } from '../pipeline/prepare.ts';
import { rateOf, systemOf } from '../runtime/charges.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** What an answer is taken for whose request sets no limit of tokens. */
const ASSUMED_ANSWER = 4_096;

export const NO_TOKENS: Tokens = { input: 0, cached: 0, output: 0 };

/** What the calls that make one answer may use together. */
export function estimateCalls(requests: readonly Asked[], resolution: Resolution, runtime: Runtime): Tokens {
  const all = requests.map((asked) => estimateCall(asked, resolution, runtime));
  const sum = (member: 'input' | 'output') => all.reduce((total, tokens) => total + tokens[member], 0);
  return { input: sum('input'), cached: 0, output: sum('output') };
}

/** What a call may use: its prompt by estimate, and the answer that it allows. */
function estimateCall({ document }: Asked, { model, targets }: Resolution, runtime: Runtime): Tokens {
  const { config, tokens } = runtime;
  const window = targets[0]?.facts?.context ?? Number.POSITIVE_INFINITY;
  const positive = (value: unknown) => (typeof value === 'number' && value > 0 ? value : undefined);
  const cap =
    positive(document.get('max_completion_tokens')) ??
    positive(document.get('max_tokens')) ??
    config.defaults.max_tokens ??
    ASSUMED_ANSWER;
  const choices = Math.min(positive(document.get('n')) ?? 1, config.limits.choices);
  return {
    input: Math.min(Math.ceil(tokens.correct(model, estimatePromptTokens(document))), window),
    cached: 0,
    output: Math.ceil(Math.min(cap, window) * choices),
  };
}

/** What the tokens cost where they are dearest, billionths of a dollar. */
export function dearestCost(tokens: Tokens, { targets }: Resolution, runtime: Runtime, at: number): number {
  return Math.max(0, ...targets.map(({ model, surface }) => costOf(tokens, model, surface, runtime, at)));
}

/** Billionths of a dollar; 0 where nothing is charged by the token, or nobody knows how much. */
export function costOf(tokens: Tokens, model: string, surface: string, { config }: Runtime, at: number): number {
  const price = rateOf(config, { surface, model, at });
  if (price === undefined || price === 'free') return 0;
  return dollarNano(tokens, price, config.budgets.cny_per_usd);
}

/** Billionths of a dollar that the searches of an answer have cost beside their tokens. */
export function searchesCost({ outcome, surface }: ChatAnswer, { config }: Runtime): number {
  const system = systemOf(config, surface);
  const cost = system && searchCost(outcome.search?.searches ?? 0, system);
  if (!cost) return 0;
  return Math.ceil(cost.currency === 'USD' ? cost.nano : cost.nano / config.budgets.cny_per_usd);
}

/** What the surface has counted; undefined if it has told nothing. */
export function usedTokens({ outcome: { usage } }: ChatAnswer): Tokens | undefined {
  if (usage === undefined) return undefined;
  return {
    input: count(usage.prompt_tokens),
    cached: count(usage.cached_tokens ?? usage.prompt_tokens_details?.cached_tokens),
    output: count(usage.completion_tokens),
  };
}

/** A surface may send anything. */
function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
