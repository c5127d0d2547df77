import { created } from '../../../conversations/edits.ts';
import { checkMessages } from '../../../conversations/turn-draft.ts';
import { conversationView } from '../../../conversations/view.ts';
import { GatewayError } from '../../../errors.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import { headerText } from '../header-text.ts';
import { messagesOfItems } from './items.ts';
import { type Members, readMembers, textIn } from './json-body.ts';
import { CHOOSE, readName } from './turn.ts';

const USUAL = 20;
const MOST = 100;
const LONGEST_SEARCH = 200;

/** GET /v1/conversations: those of the caller, the last used first; `search`, `order`, `limit`, `after`. */
export async function listConversations(inbound: Inbound, { conversations, owner }: RouteContext): Promise<Reply> {
  const query = new URLSearchParams(inbound.query);
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw invalid('order', 'must be asc or desc');
  const limit = Number(query.get('limit') ?? USUAL);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw invalid('limit', `must be from 1 to ${MOST}`);
  const search = query.get('search') || undefined;
  if (search !== undefined && search.length > LONGEST_SEARCH) {
    throw invalid('search', `has at most ${LONGEST_SEARCH} characters`);
  }
  const after = query.get('after') ?? undefined;
  const found = await conversations.list({ owner, search, after, order, limit: limit + 1 });
  const data = found.slice(0, limit).map(conversationView);
  return jsonReply(200, {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > limit,
  });
}

/** POST /v1/conversations: an empty one, or one with what was said elsewhere. */
export async function createConversation(inbound: Inbound, context: RouteContext): Promise<Reply> {
  const { conversations, owner, clock } = context;
  const members = await readMembers(inbound, context);
  const name = newName(members, context);
  const { messages, notes } = beginning(members);
  const order = { name, title: textIn(members, 'title'), model: textIn(members, 'model'), messages };
  const stored = created(order, owner, clock);
  const { keep } = context.runtime.config.conversations;
  if (keep === 0) throw invalid('id', 'cannot be kept: this gateway keeps no conversations (conversations.keep)');
  await refuseTaken(name, context);
  await conversations.create(stored);
  const told = notes.length > 0 ? { 'x-moongate-notes': headerText(notes.join('; ')) } : {};
  return jsonReply(200, conversationView(stored.conversation), told);
}

/** What was said elsewhere: `messages`, or OpenAI's `items`. */
function beginning({ messages, items }: Members): ReturnType<typeof messagesOfItems> {
  if (items === undefined || items === null) {
    return { messages: messages === undefined ? [] : checkMessages(messages), notes: [] };
  }
  if (messages !== undefined) throw invalid('items', 'and `messages` exclude each other');
  return messagesOfItems(items);
}

/** The id that the caller chose, or a new one. */
export function newName(members: Members, { clock }: RouteContext): string {
  const chosen = textIn(members, 'id');
  return chosen === undefined || chosen === CHOOSE ? `conv_${clock.id()}` : readName(chosen);
}

export async function refuseTaken(name: string, { conversations, owner }: RouteContext): Promise<void> {
  const known = await conversations.find(owner, name);
  if (known === undefined) return;
  throw new GatewayError('invalid_request', {
    status: 409,
    message: `There is a conversation '${name}' already.`,
    param: 'id',
  });
}

/** DELETE /v1/conversations?all=true: every one of the caller's. */
export async function deleteConversations(inbound: Inbound, { conversations, owner }: RouteContext): Promise<Reply> {
  if (new URLSearchParams(inbound.query).get('all') !== 'true') {
    throw invalid('all', 'must be true: this deletes every conversation of yours');
  }
  const count = await conversations.deleteAll(owner);
  return jsonReply(200, { object: 'list.deleted', deleted: true, count });
}

export function invalid(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', { message: `\`${param}\` ${what}.`, param });
}
