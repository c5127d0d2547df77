import {
  bareCompletion,
  type MessagesAnswer,
  type MessagesRequest,
  toChatCompletion,
  toMessagesRequest,
} from '../../chat/anthropic/index.ts';
import type { ChatRequest } from '../../chat/chat.ts';
import { JsonDocument } from '../../chat/json-document.ts';
import { GatewayError } from '../../errors.ts';
import { factsOf } from '../../models/facts.ts';
import { collect } from '../../stream/byte-source.ts';
import type { ChatReply, ChatSend, Preview, ReplyBody } from '../adapter.ts';
import type { HttpReply } from '../http-call.ts';
import { callMessages, isEventStream } from '../messages-call.ts';
import type { Surface } from '../surface.ts';
import { checkMessageSize } from './message-limit.ts';
import { translatedBody } from './translated-body.ts';

/** The largest whole answer that is translated; a stream has no such limit. */
const ANSWER_LIMIT = 64 * 1024 * 1024;

/** For a model that the facts do not know: the smallest cap of the surface's models. */
const UNKNOWN = { maxOutput: 32_768 };

/** A chat request over the Anthropic face `/messages`; the answer comes back in the hub's grammar. */
export async function sendMessages(send: ChatSend): Promise<ChatReply> {
  const { surface, clock, carries = false } = send;
  const { chat, request, notes } = translated(send.body);
  const body = Buffer.from(JSON.stringify(request));
  checkMessageSize(surface.id, body, () => [request.system, request.messages]);
  const reply = await callMessages({ ...send, path: surface.path, body, managesContext: hasBeta(request) });
  const created = Math.floor(clock.now() / 1000);
  const includeUsage = chat.stream_options?.include_usage === true;
  return {
    stream: isEventStream(reply),
    headers: reply.headers,
    notes,
    body: isEventStream(reply)
      ? translatedBody(reply.body, { created, includeUsage, carries })
      : whole(await completionOf(reply, surface.id, created, carries)),
  };
}

/** The same request without sending it. */
export function previewMessages({ path }: Surface, asked: Buffer): Preview {
  const { request, notes } = translated(asked);
  return { path: `${path}/messages`, body: Buffer.from(JSON.stringify(request)), notes };
}

/** A request in the face's own shape; the answer is forwarded as it comes. */
export async function passMessages(send: ChatSend): Promise<ChatReply> {
  const { surface, body } = send;
  const managesContext = body.includes(CONTEXT_MANAGEMENT);
  checkMessageSize(surface.id, body, () => {
    const document = new JsonDocument(body);
    return [document.get('system'), document.get('messages')];
  });
  const reply = await callMessages({ ...send, path: surface.path, managesContext });
  return { stream: isEventStream(reply), headers: reply.headers, body: reply.body };
}

const CONTEXT_MANAGEMENT = Buffer.from('"context_management"');

interface Translated {
  readonly chat: ChatRequest;
  readonly request: MessagesRequest;
  readonly notes: readonly string[];
}

function translated(body: Buffer): Translated {
  try {
    const chat = parse(body) as ChatRequest;
    return { chat, ...toMessagesRequest(chat, factsOf(chat.model ?? '') ?? UNKNOWN) };
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError('invalid_request', { message: 'The request has not the shape of a chat request.', cause });
  }
}

const hasBeta = (request: MessagesRequest): boolean => 'context_management' in request;

async function completionOf(reply: HttpReply, surface: string, created: number, carries: boolean): Promise<Buffer> {
  const bytes = await collect(reply.body, ANSWER_LIMIT, () => new GatewayError('upstream_too_long'));
  try {
    const answer = parse(bytes) as MessagesAnswer;
    if (answer.type === 'error') return Buffer.from(JSON.stringify({ error: answer['error'] }));
    const { completion } = toChatCompletion(answer, created);
    return Buffer.from(JSON.stringify(carries ? completion : bareCompletion(completion)));
  } catch (cause) {
    const message = 'The surface sent an answer that is not a JSON object.';
    throw new GatewayError('upstream_garbled', { surface, message, cause });
  }
}

function parse(bytes: Buffer): object {
  const value: unknown = JSON.parse(bytes.toString());
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not a JSON object');
  return value;
}

function whole(bytes: Buffer): ReplyBody {
  return {
    async *[Symbol.asyncIterator]() {
      yield bytes;
    },
    release() {},
  };
}
