import { estimateTokens } from '../../../chat/estimate-tokens.ts';
import { parseBody } from '../../../chat/json-body.ts';
import {
  type Converted,
  type Item,
  type ResponsesRequest,
  readResponsesRequest,
  shortenHistory,
  toChatRequest,
  toStoredItems,
} from '../../../chat/responses/index.ts';
import type { RouteContext } from '../../route.ts';
import { scopeOf } from '../../scope.ts';
import { type Past, recallPast, resolveReferences } from './past.ts';

/** What an answer leaves for itself of the window where the request sets no cap, tokens. */
const ROOM_FOR_ANSWER = 8_192;

export function readAsked(body: Buffer): ResponsesRequest {
  return readResponsesRequest(parseBody(body));
}

export interface ReadHistory {
  /** This request's own input. */
  readonly input: readonly Item[];
  readonly past: Past;
  readonly converted: Converted;
}

/** The request as a chat request, with everything that it refers to. */
export async function readHistory(asked: ResponsesRequest, context: RouteContext): Promise<ReadHistory> {
  const { owner, responses } = context;
  const given = typeof asked.input === 'string' ? asked.input : await resolved(asked.input ?? [], context);
  const input = toStoredItems(given, idsOf(context));
  const past = await recallPast(asked, owner, responses.store);
  const items = [...past.items, ...input];
  const fitting = asked.truncation === 'auto' ? await shortened(asked, items, context) : items;
  return { input, past, converted: toChatRequest(asked, fitting) };
}

function resolved(input: readonly Item[], { owner, responses }: RouteContext): Promise<readonly Item[]> {
  return resolveReferences(input, owner, responses.store);
}

/** `truncation: auto`, by estimate: the oldest turns go until the rest fits into the model's window. */
async function shortened(
  asked: ResponsesRequest,
  items: readonly Item[],
  context: RouteContext,
): Promise<readonly Item[]> {
  const { runtime } = context;
  if (runtime.ready) await runtime.ready;
  const { targets } = scopeOf(context).resolve(asked.model ?? runtime.config.models.default ?? '');
  const window = targets[0]?.facts?.context;
  if (window === undefined) return items;
  const weigh = (value: unknown) => estimateTokens(Buffer.from(JSON.stringify(value) ?? ''));
  const taken = weigh(items) + weigh(asked.tools) + weigh(asked.instructions);
  const excess = taken + (asked.max_output_tokens ?? ROOM_FOR_ANSWER) - window;
  return excess > 0 ? shortenHistory(items, excess, weigh) : items;
}

export function idsOf({ clock }: RouteContext): (prefix: string) => string {
  return (prefix) => `${prefix}_${clock.id()}`;
}

export function toBody({ request }: Converted, more: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ ...request, ...more }));
}
