import type { ChatMessage } from '../../../chat/chat.ts';
import { type Item, toChatRequest, toItems, toStoredItems } from '../../../chat/responses/index.ts';
import { messageId, messagesOf } from '../../../conversations/turn.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import type { PathParameters } from '../../router.ts';
import { pageOf } from '../responses/input-items.ts';
import { invalid } from './collection.ts';

/** GET /v1/conversations/{id}/items: what was said, as OpenAI's client lists it. */
export async function listItems(
  inbound: Inbound,
  { conversations, owner }: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const { turns } = await conversations.read(owner, id);
  const said = turns.flatMap((turn) =>
    messagesOf(turn).map((message, index) => ({ id: messageId(turn, index), message })),
  );
  return jsonReply(200, pageOf(toItems(said), inbound.query));
}

/** OpenAI's client begins a conversation with items. Throws invalid_request for what are none. */
export function messagesOfItems(items: unknown): {
  readonly messages: readonly ChatMessage[];
  readonly notes: readonly string[];
} {
  const isList = Array.isArray(items) && items.every((item) => typeof item === 'object' && item !== null);
  if (!isList) throw invalid('items', 'must be a list of items');
  const { request, notes } = toChatRequest(
    {},
    toStoredItems(items as readonly Item[], (prefix) => prefix),
  );
  return { messages: request.messages ?? [], notes };
}
