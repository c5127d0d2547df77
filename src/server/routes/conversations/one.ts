import type { Conversation } from '../../../conversations/conversation.ts';
import { renamed } from '../../../conversations/edits.ts';
import { ownerOf } from '../../../conversations/native-chat.ts';
import { conversationView, storedView } from '../../../conversations/view.ts';
import { toAbortSignal } from '../../../signal.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import type { PathParameters } from '../../router.ts';
import { invalid } from './collection.ts';
import { readMembers, textIn } from './json-body.ts';

/** GET /v1/conversations/{id}, with its messages. */
export async function showConversation(
  _inbound: Inbound,
  { conversations, owner }: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  return jsonReply(200, storedView(await conversations.read(owner, id)));
}

/** PATCH /v1/conversations/{id}: another title. */
export async function renameConversation(
  inbound: Inbound,
  context: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const { conversations, owner, clock } = context;
  const title = textIn(await readMembers(inbound, context), 'title');
  if (title === undefined) throw invalid('title', 'is missing: it is what can be changed');
  const { conversation } = await conversations.change(owner, id, inbound.signal, renamed(title, clock));
  return jsonReply(200, conversationView(conversation));
}

/** The surface is told too; that is worth this long. */
const ERRAND_MS = 10_000;

/** DELETE /v1/conversations/{id}, and the chat on the surface that it went on in. */
export async function deleteConversation(
  inbound: Inbound,
  context: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const { conversation } = await context.conversations.read(context.owner, id);
  await context.conversations.delete(conversation);
  const native = await deleteNative(conversation, inbound, context);
  return jsonReply(200, { id, object: 'conversation.deleted', deleted: true, ...native });
}

/** A chat that cannot be deleted stays: the surface may be down, or the credential gone. */
async function deleteNative(
  { details }: Conversation,
  inbound: Inbound,
  { runtime, clock, log }: RouteContext,
): Promise<{ native_chat?: 'deleted' | 'kept' }> {
  const { native } = details;
  if (native === undefined) return {};
  const surface = runtime.surfaces.get(native.surface);
  const credential = ownerOf(native, runtime.pool);
  if (!surface?.adapter.deleteChat || !credential) return { native_chat: 'kept' };
  const timeouts = { firstByteMs: ERRAND_MS, idleMs: ERRAND_MS, totalMs: ERRAND_MS };
  const place = { surface: { ...surface, timeouts }, credential, clock, signal: toAbortSignal(inbound.signal) };
  runtime.enter();
  try {
    await surface.adapter.deleteChat(place, native.chat);
    return { native_chat: 'deleted' };
  } catch (cause) {
    log.warn({ err: cause, surface: native.surface }, 'a chat on a surface could not be deleted');
    return { native_chat: 'kept' };
  } finally {
    runtime.leave();
  }
}
