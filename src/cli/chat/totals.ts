import type { Usage } from '../../chat/chat.ts';
import { costNano, priceAt } from '../../models/cost.ts';
import type { AccountSystem, Currency } from '../../models/facts.ts';
import type { EndEvent, ServedEvent } from './ask.ts';

const SYSTEMS: readonly AccountSystem[] = ['moonshot-cn', 'moonshot-ai'];

/** What a model on a surface has used. */
export interface Sums {
  readonly model: string;
  readonly surface: string;
  requests: number;
  input: number;
  cached: number;
  output: number;
  /** Billionths, undefined where no price is known. */
  costNano: number | undefined;
  readonly currency: Currency | undefined;
}

/** What this chat has used so far. */
export class Totals {
  readonly #sums = new Map<string, Sums>();

  add(served: ServedEvent | undefined, { model = '?', usage }: Pick<EndEvent, 'model' | 'usage'>, now: number): void {
    const surface = served?.surface ?? '?';
    const system = SYSTEMS.find((known) => known === surface);
    const price = system && priceAt(model, system, now);
    const key = `${surface}\n${model}`;
    const sums = this.#sums.get(key) ?? {
      ...{ model, surface, requests: 0, input: 0, cached: 0, output: 0 },
      costNano: price && 0,
      currency: price?.currency,
    };
    this.#sums.set(key, sums);
    const tokens = tokensOf(usage);
    sums.requests++;
    sums.input += tokens.input;
    sums.cached += tokens.cached;
    sums.output += tokens.output;
    if (price && sums.costNano !== undefined) sums.costNano += costNano(tokens, price);
  }

  list(): readonly Sums[] {
    return [...this.#sums.values()];
  }
}

export function tokensOf(usage: Usage | undefined): { input: number; cached: number; output: number } {
  return {
    input: usage?.prompt_tokens ?? 0,
    cached: usage?.prompt_tokens_details?.cached_tokens ?? usage?.cached_tokens ?? 0,
    output: usage?.completion_tokens ?? 0,
  };
}
