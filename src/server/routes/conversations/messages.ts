import { edited } from '../../../conversations/edits.ts';
import { findMessage } from '../../../conversations/turn.ts';
import { messageView } from '../../../conversations/view.ts';
import { openaiChat } from '../../../protocols/openai-chat.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import type { PathParameters } from '../../router.ts';
import { answerIn } from '../chat.ts';
import { invalid } from './collection.ts';
import { readMembers, textIn } from './json-body.ts';
import { turnNamed } from './turn.ts';

/** PATCH /v1/conversations/{id}/messages/{message}: another `content`; with `truncate` everything behind it goes. */
export async function editMessage(
  inbound: Inbound,
  context: RouteContext,
  { id = '', message = '' }: PathParameters,
): Promise<Reply> {
  const { conversations, owner, clock } = context;
  const { content, truncate = false } = await readMembers(inbound, context);
  if (typeof content !== 'string' && !Array.isArray(content))
    throw invalid('content', 'must be a text or a list of parts');
  if (typeof truncate !== 'boolean') throw invalid('truncate', 'must be true or false');
  const edit = edited({ message, content, truncate }, clock);
  const { turns } = await conversations.change(owner, id, inbound.signal, edit);
  const found = findMessage(turns, message);
  return jsonReply(200, found ? messageView(found.turn, found.index) : { id: message, object: 'conversation.message' });
}

/**
 * POST /v1/conversations/{id}/regenerate: another answer in the place of the last one, or of that to the turn of `message`;
 * what came behind it goes. The other members are those of a chat request. Until the new answer is whole the old one stays.
 */
export async function regenerate(inbound: Inbound, context: RouteContext, { id = '' }: PathParameters): Promise<Reply> {
  const members = await readMembers(inbound, context);
  const { message: _, ...request } = members;
  const at = textIn(members, 'message');
  const body = Buffer.from(JSON.stringify({ ...request, messages: [] }));
  const turn = { ...turnNamed(id, inbound, context), again: { at } };
  return answerIn(openaiChat, inbound, context, body, turn);
}
