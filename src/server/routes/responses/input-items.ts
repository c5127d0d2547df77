import type { Item } from '../../../chat/responses/index.ts';
import { GatewayError } from '../../../errors.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import type { PathParameters } from '../../router.ts';
import { notFound } from './kept.ts';

const USUAL = 20;
const MOST = 100;

/** GET /v1/responses/{id}/input_items: what the request itself said, newest first, in pages. */
export async function listInputItems(
  inbound: Inbound,
  { responses, owner }: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const stored = await responses.store.get(owner, id);
  if (stored === undefined) throw notFound(id);
  return jsonReply(200, pageOf(stored.input, inbound.query));
}

/** A page of items, by `order`, `limit` and `after`; `said` is in the order in which they were said. */
export function pageOf(said: readonly Item[], asked: string): object {
  const query = new URLSearchParams(asked);
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw invalid('order', 'must be asc or desc');
  const limit = Number(query.get('limit') ?? USUAL);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw invalid('limit', `must be from 1 to ${MOST}`);
  const items = order === 'asc' ? said : said.toReversed();
  const start = behind(items, query.get('after'));
  const data = items.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < items.length,
  };
}

function behind(items: readonly Item[], after: string | null): number {
  if (after === null) return 0;
  const at = items.findIndex(({ id }) => id === after);
  if (at < 0) throw invalid('after', 'is not the id of an item in this list');
  return at + 1;
}

function invalid(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', { message: `\`${param}\` ${what}.`, param });
}
