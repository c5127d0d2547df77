import { costNano, type Rate } from '../models/cost.ts';
import type { AccountSystem } from '../models/facts.ts';
import { searchCost } from '../models/search-prices.ts';
import type { LedgerTable } from '../storage/tables/ledger.ts';
import type { FinishedCall } from './call-facts.ts';

/** What a call is charged by; undefined where no price by the token, or by the search, is known. */
export type ChargeOf = (
  surface: string,
  model: string,
  at: number,
) => { readonly rate: Rate | undefined; readonly system: AccountSystem | undefined };

export function toRow(call: FinishedCall, chargeOf: ChargeOf): LedgerTable {
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
    error: call.code ?? null,
    complete: call.complete ? 1 : 0,
    tokens_in: count(facts.tokens_in),
    tokens_cached: count(facts.tokens_cached),
    tokens_out: count(facts.tokens_out),
    tokens_reasoning: count(facts.tokens_reasoning),
    ...cost(call, chargeOf),
    first_ms: tenth(call.firstMs),
    total_ms: tenth(call.totalMs),
    repairs: facts.repairs?.length ?? 0,
    fallbacks: facts.fallbacks?.length ?? 0,
  };
}

function cost({ at, facts }: FinishedCall, chargeOf: ChargeOf): Pick<LedgerTable, 'cost_nano' | 'currency'> {
  const { model, surface, tokens_in, tokens_out } = facts;
  const charge = model === undefined || surface === undefined ? undefined : chargeOf(surface, model, at);
  const { rate, system } = charge ?? {};
  const input = count(tokens_in);
  const output = count(tokens_out);
  if (!rate || (input === null && output === null)) return { cost_nano: null, currency: null };
  const tokens = { input: input ?? 0, cached: count(facts.tokens_cached) ?? 0, output: output ?? 0 };
  const searched = system && searchCost(count(facts.searches) ?? 0, system);
  // A row has one currency; a price of the owner's own may be in another one than the account's searches.
  const extra = searched?.currency === rate.currency ? searched.nano : 0;
  return { cost_nano: costNano(tokens, rate) + extra, currency: rate.currency };
}

/** A surface may send anything; what is no count of tokens is not known. */
function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Clients name models as they like. NUL and halves of pairs are what PostgreSQL's texts cannot hold. */
function bounded(text: string | undefined): string | null {
  if (text === undefined) return null;
  return ORDINARY.test(text) ? text : text.replaceAll('\0', '').slice(0, 200).toWellFormed();
}

const ORDINARY = /^[ -~]{0,200}$/;

const tenth = (ms: number) => Math.round(ms * 10) / 10;
