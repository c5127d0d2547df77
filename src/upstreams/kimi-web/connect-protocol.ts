import { GatewayError } from '../../errors.ts';
import type { Place } from '../adapter.ts';
import { requirePlain } from '../unpacked.ts';
import { toFrame } from './connect-frames.ts';
import { ConnectReader } from './connect-reader.ts';
import type { WebAsk } from './web-ask.ts';
import { callWeb, EVENT_LIMIT, ProtocolAbsent, sendWeb, webRefusal } from './web-call.ts';
import type { WebChat } from './web-chat.ts';
import type { OpenAnswer, WebCall, WebProtocol } from './web-protocol.ts';

/** `/apiv2`: one call in Connect's streaming form (XiaoY233/Kimi-Free-API 2025-11 to captures of 2026-09). */
export const connectProtocol: WebProtocol = { name: 'connect', open, cancel: hangUp, check, delete: deleteChat };

const CHAT = '/apiv2/kimi.gateway.chat.v1.ChatService/Chat';
const CONTENT_TYPE = 'application/connect+json';

async function open({ place, token, ask, chat }: WebCall): Promise<OpenAnswer> {
  const reply = await sendWeb(place, {
    method: 'POST',
    path: CHAT,
    token,
    headers: { 'content-type': CONTENT_TYPE, accept: CONTENT_TYPE, 'connect-protocol-version': '1' },
    body: toFrame(chatBody(ask, chat)),
  });
  const { id } = place.surface;
  const type = String(reply.headers['content-type'] ?? '');
  if (reply.status !== 200) throw await webRefusal(id, reply);
  if (type.startsWith('application/json')) throw await webRefusal(id, reply);
  if (!type.startsWith('application/connect')) {
    await reply.body.return();
    const message = `The web chat answered with ${type || 'no content type'} where a Connect stream was expected.`;
    throw new ProtocolAbsent(new GatewayError('upstream_garbled', { surface: id, message }));
  }
  const encoding = String(reply.headers['connect-content-encoding'] ?? 'identity');
  await requirePlain(id, reply);
  return { reply, reader: new ConnectReader(id, EVENT_LIMIT, encoding) };
}

function chatBody(ask: WebAsk, chat: WebChat | undefined): unknown {
  const { scenario, model, kimiplusId, agentMode } = ask.model.connect;
  return {
    ...(chat === undefined ? {} : { chat_id: chat.chatId }),
    scenario,
    tools: ask.search ? [{ type: 'TOOL_TYPE_SEARCH', search: {} }] : [],
    message: {
      ...(chat === undefined ? {} : { parent_id: chat.parentId }),
      ...{ role: 'user', scenario },
      blocks: [{ message_id: '', text: { content: ask.prompt } }],
      is_goal: false,
    },
    options: {
      thinking: ask.thinking,
      ...(ask.effort === undefined ? {} : { reasoning_effort: ask.effort }),
      ...(model === undefined ? {} : { model }),
    },
    ...(kimiplusId === undefined ? {} : { kimiplus_id: kimiplusId }),
    ...(agentMode === undefined ? {} : { agent_mode: agentMode }),
    project_id: '',
  };
}

/** No method to cancel is known: the end of the connection is. */
async function hangUp(): Promise<void> {}

async function check(place: Place, token: string): Promise<void> {
  const path = '/apiv2/kimi.gateway.account.v1.UserService/GetCurrentUser';
  await callWeb(place, { method: 'POST', path, token, body: {} });
}

/** The service has another name here than for the call itself (vrxiaojie/kimi2api, a coc client). */
async function deleteChat(place: Place, token: string, chatId: string): Promise<void> {
  const path = '/apiv2/kimi.chat.v1.ChatService/DeleteChat';
  await callWeb(place, { method: 'POST', path, token, body: { chat_id: chatId } });
}
