import { costNano, priceAt } from '../models/cost.ts';
import type { AccountSystem } from '../models/facts.ts';
import { searchCostNano } from '../models/search-prices.ts';
import type { LedgerTable } from '../storage/tables/ledger.ts';
import type { FinishedCall } from './call-facts.ts';

/** Which account system a surface charges, by its id; undefined where no price by the token is known. */
export type SystemOf = (surface: string) => AccountSystem | undefined;

export function toRow(call: FinishedCall, systemOf: SystemOf): LedgerTable {
  const { facts } = call;
  return {
    id: call.id,
    at: call.at,
    key_name: call.key,
    protocol: call.protocol,
    asked: bounded(call.asked),
    model: bounded(facts.model),
    surface: facts.surface ?? null,
    credential: facts.credential ?? null,
    status: call.status,
    error: facts.code ?? null,
    complete: call.complete ? 1 : 0,
    tokens_in: count(facts.tokens_in),
    tokens_cached: count(facts.tokens_cached),
    tokens_out: count(facts.tokens_out),
    tokens_reasoning: count(facts.tokens_reasoning),
    ...cost(call, systemOf),
    first_ms: tenth(call.firstMs),
    total_ms: tenth(call.totalMs),
    repairs: facts.repairs?.length ?? 0,
    fallbacks: facts.fallbacks?.length ?? 0,
  };
}

function cost({ at, facts }: FinishedCall, systemOf: SystemOf): Pick<LedgerTable, 'cost_nano' | 'currency'> {
  const { model, surface, tokens_in, tokens_out } = facts;
  const system = surface === undefined ? undefined : systemOf(surface);
  const price = model === undefined || system === undefined ? undefined : priceAt(model, system, at);
  const input = count(tokens_in);
  const output = count(tokens_out);
  if (!price || (input === null && output === null)) return { cost_nano: null, currency: null };
  const tokens = { input: input ?? 0, cached: count(facts.tokens_cached) ?? 0, output: output ?? 0 };
  const searched = system === undefined ? 0 : searchCostNano(count(facts.searches) ?? 0, system);
  return { cost_nano: costNano(tokens, price) + searched, currency: price.currency };
}

/** A surface may send anything; what is no count of tokens is not known. */
function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Clients name models as they like. NUL and halves of pairs are what PostgreSQL's texts cannot hold. */
const bounded = (text: string | undefined) => text?.replaceAll('\0', '').slice(0, 200).toWellFormed() ?? null;

const tenth = (ms: number) => Math.round(ms * 10) / 10;
