import { addUsage } from '../../chat/add-usage.ts';
import type { ChatAnswer } from '../../pipeline/call.ts';
import type { Asked } from '../../pipeline/prepare.ts';
import { type Inbound, OVERHEAD_HEADER, overheadText } from '../exchange.ts';
import type { RouteContext } from '../route.ts';
import { scopeOf } from '../scope.ts';
import { headerText } from './header-text.ts';

/** What the headers of a reply tell of its answer. */
export function servedHeaders(answer: ChatAnswer, inbound: Inbound, { clock }: RouteContext): Record<string, string> {
  const { repairs, demand, fallbacks } = answer;
  const notes = notesOf(answer);
  const overhead = clock.ticks() - inbound.arrivedAt - answer.waitedMs;
  const headers: Record<string, string> = {
    'x-moongate-surface': answer.surface,
    'x-moongate-model': modelHeader(answer),
    [OVERHEAD_HEADER]: overheadText(overhead),
  };
  if (repairs.length > 0) headers['x-moongate-repairs'] = repairs.map(({ rule }) => rule).join(', ');
  if (notes.length > 0) headers['x-moongate-notes'] = headerText(notes.join('; '));
  if (demand) headers['x-moongate-asked-again'] = demandText(demand);
  if (fallbacks.length > 0) headers['x-moongate-fallback'] = headerText(fallbacks.join(', '));
  return headers;
}

/** What was noted while the answer was read reaches the header of a whole answer, and the log. */
function notesOf({ notes, outcome }: ChatAnswer): readonly string[] {
  const { search } = outcome;
  if (search === undefined) return notes;
  const made = `${search.searches} searches${search.pages > 0 ? `, ${search.pages} pages` : ''}`;
  return [...notes, ...(search.searches + search.pages > 0 ? [made] : []), ...search.notes];
}

function modelHeader({ model, asked, because }: { model: string; asked: string; because: string }): string {
  return because === 'asked'
    ? headerText(model)
    : `${headerText(model)}; asked="${headerText(asked)}"; because=${because}`;
}

/** The answer that comes late will be this model's; a turn of a conversation that names none has that of the last one. */
export function expectedHeaders({ model }: Asked, context: RouteContext, isTurn: boolean): Record<string, string> {
  const name = model ?? (isTurn ? undefined : context.runtime.config.models.default);
  if (name === undefined) return {};
  const resolution = scopeOf(context).resolve(name);
  const shown = modelHeader(model === undefined ? { ...resolution, because: 'default' } : resolution);
  return { 'x-moongate-model': shown };
}

function demandText({ rule, calls, met }: NonNullable<ChatAnswer['demand']>): string {
  return `${rule}; calls=${calls}; ${met ? 'met' : 'unmet'}`;
}

/** Members without a value are not written. */
export function servedFields(answer: ChatAnswer) {
  const { repairs, demand, fallbacks } = answer;
  const { usage: own, besides, finishReason, search } = answer.outcome;
  const usage = own && besides ? addUsage([own, besides]) : (own ?? besides);
  const notes = notesOf(answer);
  return {
    model: answer.model,
    surface: answer.surface,
    credential: answer.credential,
    upstream_ms: Math.round(answer.waitedMs),
    repairs: repairs.length > 0 ? repairs.map(({ rule, what }) => `${rule}: ${what}`) : undefined,
    notes: notes.length > 0 ? notes : undefined,
    asked_again: demand && demandText(demand),
    fallbacks: fallbacks.length > 0 ? fallbacks : undefined,
    finish_reason: finishReason,
    tokens_in: usage?.prompt_tokens,
    tokens_cached: usage?.cached_tokens ?? usage?.prompt_tokens_details?.cached_tokens,
    tokens_out: usage?.completion_tokens,
    tokens_reasoning: usage?.completion_tokens_details?.reasoning_tokens,
    searches: search?.searches,
    pages: search?.pages,
  };
}
