import { withoutCarried } from '../../chat/anthropic/index.ts';
import type { ChatRequest } from '../../chat/chat.ts';
import { JsonDocument } from '../../chat/json-document.ts';
import { GatewayError } from '../../errors.ts';
import type { Adapter, ChatReply, ChatSend } from '../adapter.ts';
import { openaiFace } from '../openai-face.ts';
import type { KimiCodeOptions, Surface } from '../surface.ts';
import { passMessages, previewMessages, sendMessages } from './anthropic-face.ts';
import { chooseFace, type FaceChoice, messagesAgent, OPEN_WAY } from './choose-face.ts';
import { codeSearch } from './code-search.ts';
import { checkMessageSize } from './message-limit.ts';
import { codingIdentity, codingQuota } from './usages.ts';
import { versioned } from './versioned.ts';

/** The coding subscription: two faces, of which one lets only known agents in. */
export const kimiCode: Adapter = {
  sendChat,
  preview: (surface, body) =>
    chooseFace(surface.kimiCode, undefined).face === 'anthropic'
      ? previewMessages(versioned(surface), body)
      : { path: `${versioned(surface).path}/chat/completions`, body, notes: [] },
  messages: {
    path: (surface) => `${versioned(surface).path}/messages`,
    // An operator who wants the OpenAI face gets it for every client.
    takes: (surface) => surface.kimiCode?.face !== 'openai',
    send: (call) => passMessages({ ...call, surface: namedAs(messagesAgent(call.callerAgent), call.surface) }),
  },
  search: codeSearch,
  listModels: (place) => openaiFace.listModels({ ...place, surface: versioned(place.surface) }),
  // The list of models is no proof: it was seen to be open (kodustech/kodus-ai #1257).
  check: codingQuota,
  readQuota: codingQuota,
  readIdentity: codingIdentity,
};

async function sendChat(send: ChatSend): Promise<ChatReply> {
  const choice = chooseFace(optionsFor(send), send.callerAgent);
  try {
    return await over(choice, send);
  } catch (error) {
    // The list of known agents is the vendor's and moves; a caller that has dropped off it still has the open way.
    const isDropped = error instanceof GatewayError && error.code === 'client_refused' && choice.as === 'caller';
    if (!isDropped || send.surface.kimiCode?.face === 'openai') throw error;
    const reply = await over(OPEN_WAY, send);
    const note = 'the surface did not let the caller in under its own name; sent as moongate over its Anthropic face';
    return { ...reply, notes: [note, ...(reply.notes ?? [])] };
  }
}

/** What is said of the credential goes before what is said of the surface. */
function optionsFor({ surface, credential }: ChatSend): KimiCodeOptions | undefined {
  const { kimiCode: options } = surface;
  const { userAgentVersion } = credential;
  return options && userAgentVersion !== undefined ? { ...options, userAgentVersion } : options;
}

function over({ face, userAgent }: FaceChoice, send: ChatSend): Promise<ChatReply> {
  const surface = namedAs(userAgent, send.surface);
  return face === 'anthropic' ? sendMessages({ ...send, surface }) : sendPlain({ ...send, surface });
}

/** Headers of the operator's come behind ours, so that they win. */
function namedAs(userAgent: string, configured: Surface): Surface {
  const surface = versioned(configured);
  return { ...surface, headers: { 'user-agent': userAgent, ...surface.headers } };
}

const OWN_SIGNS = [Buffer.from('"anthropic"'), Buffer.from('"cache_control"')];

async function sendPlain(send: ChatSend): Promise<ChatReply> {
  checkMessageSize(send.surface.id, send.body, () => new JsonDocument(send.body).get('messages'));
  const isOpen = OWN_SIGNS.some((sign) => send.body.includes(sign));
  return openaiFace.sendChat(isOpen ? { ...send, body: withoutOwn(send.body) } : send);
}

function withoutOwn(body: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(withoutCarried(JSON.parse(body.toString()) as ChatRequest)));
  } catch (cause) {
    throw new GatewayError('invalid_request', { message: 'The request has not the shape of a chat request.', cause });
  }
}
