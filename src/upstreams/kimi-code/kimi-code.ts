import { withoutCarried } from '../../chat/anthropic/index.ts';
import type { ChatRequest } from '../../chat/chat.ts';
import { JsonDocument } from '../../chat/json-document.ts';
import { GatewayError } from '../../errors.ts';
import type { Adapter, ChatReply, ChatSend } from '../adapter.ts';
import { openaiFace } from '../openai-face.ts';
import type { Surface } from '../surface.ts';
import { passMessages, sendMessages } from './anthropic-face.ts';
import { chooseFace, type FaceChoice, messagesAgent, OPEN_WAY } from './choose-face.ts';
import { codeSearch } from './code-search.ts';
import { checkMessageSize } from './message-limit.ts';
import { versioned } from './versioned.ts';

/** The coding subscription: two faces, of which one lets only known agents in. */
export const kimiCode: Adapter = {
  sendChat,
  messages: {
    // An operator who wants the OpenAI face gets it for every client.
    takes: (surface) => surface.kimiCode?.face !== 'openai',
    send: (call) =>
      advised(call.surface, passMessages({ ...call, surface: namedAs(messagesAgent(call.callerAgent), call.surface) })),
  },
  search: codeSearch,
  listModels: (place) => advised(place.surface, openaiFace.listModels({ ...place, surface: versioned(place.surface) })),
};

async function sendChat(send: ChatSend): Promise<ChatReply> {
  const choice = chooseFace(send.surface.kimiCode, send.callerAgent);
  try {
    return await advised(send.surface, over(choice, send));
  } catch (error) {
    // The list of known agents is the vendor's and moves; a caller that has dropped off it still has the open way.
    const isDropped = error instanceof GatewayError && error.code === 'client_refused' && choice.as === 'caller';
    if (!isDropped || send.surface.kimiCode?.face === 'openai') throw error;
    const reply = await advised(send.surface, over(OPEN_WAY, send));
    const note = 'the surface did not let the caller in under its own name; sent as moongate over its Anthropic face';
    return { ...reply, notes: [note, ...(reply.notes ?? [])] };
  }
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

const CONSOLES = { cn: 'https://www.kimi.com/code/console', global: 'https://www.kimi.ai/code/console' };

/** The advice of the error table speaks of the platform; these are the subscription's own ways out. */
async function advised<T>(surface: Surface, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.details.hint !== undefined) throw error;
    const hint = hintFor(error, surface);
    throw hint === undefined ? error : new GatewayError(error.code, { ...error.details, hint, cause: error });
  }
}

function hintFor(error: GatewayError, { kimiCode: options }: Surface): string | undefined {
  const region = options?.region ?? 'cn';
  if (error.code === 'upstream_auth') {
    return `Keys of Kimi Code begin with sk-kimi- and come from ${CONSOLES[region]}; those of the other region and of the open platform do not work here.`;
  }
  if (error.code !== 'quota_exhausted') return undefined;
  const upstream = error.details.extra?.['upstream'] as { readonly status?: number } | undefined;
  return upstream?.status === 402
    ? `See whether the membership is active: ${CONSOLES[region]}.`
    : 'Wait until the quota begins anew, or add a credential of another account.';
}
