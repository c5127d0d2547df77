import { forked } from '../../../conversations/edits.ts';
import { conversationView } from '../../../conversations/view.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import type { PathParameters } from '../../router.ts';
import { newName, refuseTaken } from './collection.ts';
import { readMembers, textIn } from './json-body.ts';

/** POST /v1/conversations/{id}/fork: a new one with everything up to the message `at`, that one included. */
export async function forkConversation(
  inbound: Inbound,
  context: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const { conversations, owner, clock } = context;
  const members = await readMembers(inbound, context);
  const name = newName(members, context);
  const stored = await conversations.read(owner, id);
  await refuseTaken(name, context);
  const fork = forked(stored, { name, at: textIn(members, 'at'), title: textIn(members, 'title') }, clock);
  await conversations.create(fork);
  return jsonReply(200, conversationView(fork.conversation));
}
