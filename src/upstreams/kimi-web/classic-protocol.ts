import { GatewayError } from '../../errors.ts';
import type { Place } from '../adapter.ts';
import { requirePlain } from '../unpacked.ts';
import { ClassicReader } from './classic-reader.ts';
import type { WebAsk } from './web-ask.ts';
import { callWeb, EVENT_LIMIT, ProtocolAbsent, sendWeb, webRefusal } from './web-call.ts';
import type { ChatTrace, OpenAnswer, WebCall, WebProtocol } from './web-protocol.ts';

/** `/api/chat`: one call makes the chat, a second one answers with an event stream (2025 form of loudotdigital/kimi2api). */
export const classicProtocol: WebProtocol = { name: 'classic', open, cancel, check, delete: deleteChat };

async function open({ place, token, ask, trace }: WebCall): Promise<OpenAnswer> {
  const { classic } = ask.model;
  if (classic === undefined) {
    throw new GatewayError('upstream_model_not_found', {
      surface: place.surface.id,
      message: `The older protocol of the web chat cannot ask for ${ask.model.id}.`,
    });
  }
  const chatId = trace.chatId ?? (await createChat(place, token, classic.kimiplusId));
  trace.chatId = chatId;
  const reply = await sendWeb(place, {
    method: 'POST',
    path: `/api/chat/${encodeURIComponent(chatId)}/completion/stream`,
    token,
    headers: { accept: 'text/event-stream' },
    body: completionBody(ask, ask.thinking ? classic.thinkingModel : classic.model, classic.kimiplusId),
  });
  const { id } = place.surface;
  if (reply.status !== 200) throw await webRefusal(id, reply);
  // Some failures come as JSON with status 200.
  const type = String(reply.headers['content-type'] ?? '');
  if (type.startsWith('application/json')) throw await webRefusal(id, reply);
  if (type.startsWith('text/html')) {
    await reply.body.return();
    const message = 'The web chat answered with a page where an event stream was expected.';
    throw new ProtocolAbsent(new GatewayError('upstream_garbled', { surface: id, message }));
  }
  await requirePlain(id, reply);
  return { reply, reader: new ClassicReader(id, EVENT_LIMIT) };
}

async function createChat(place: Place, token: string, kimiplusId: string): Promise<string> {
  const body = {
    ...{ name: '未命名会话', born_from: 'home', kimiplus_id: kimiplusId, is_example: false, source: 'web', tags: [] },
  };
  const { id } = await callWeb(place, { method: 'POST', path: '/api/chat', token, body });
  if (typeof id === 'string' && id !== '') return id;
  throw new GatewayError('upstream_garbled', { message: 'The web chat made a chat without an id.' });
}

function completionBody(ask: WebAsk, model: string, kimiplusId: string): unknown {
  return {
    ...{ model, use_search: ask.search, kimiplus_id: kimiplusId },
    messages: [{ role: 'user', content: ask.prompt }],
    extend: { sidebar: true },
    ...{ refs: [], history: [], scene_labels: [], use_semantic_memory: false, use_deep_research: false },
  };
}

/** By the id of the answer (windfollowingheart/kimi-apis). */
async function cancel(place: Place, token: string, { chatId, answerId }: ChatTrace): Promise<void> {
  if (chatId === undefined || answerId === undefined) return;
  const path = `/api/chat/${encodeURIComponent(chatId)}/cancel`;
  await callWeb(place, { method: 'POST', path, token, body: { segment_id: answerId } });
}

async function check(place: Place, token: string): Promise<void> {
  await callWeb(place, { method: 'GET', path: '/api/user', token });
}

async function deleteChat(place: Place, token: string, chatId: string): Promise<void> {
  const reply = await sendWeb(place, { method: 'DELETE', path: `/api/chat/${encodeURIComponent(chatId)}`, token });
  if (reply.status !== 200) throw await webRefusal(place.surface.id, reply);
  await reply.body.return();
}
