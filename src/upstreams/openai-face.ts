import type { Credential } from '../credential.ts';
import { GatewayError } from '../errors.ts';
import type { ListedModel } from '../models/catalogue.ts';
import { collect } from '../stream/byte-source.ts';
import { VERSION } from '../version.ts';
import type { Adapter, ChatReply, ChatSend, Place } from './adapter.ts';
import { explainRefusal } from './explain-refusal.ts';
import { callHttp, type HttpReply } from './http-call.ts';
import type { Surface } from './surface.ts';
import { encodingOf, requirePlain } from './unpacked.ts';

const USER_AGENT = `moongate/${VERSION}`;

/** An error body is read up to here; the rest says nothing more. */
const ERROR_BODY_LIMIT = 256 * 1024;
const MODEL_LIST_LIMIT = 4 * 1024 * 1024;

/** The OpenAI face of a surface: `/chat/completions` and `/models` below its path. */
export const openaiFace: Adapter = { sendChat, listModels };

async function sendChat({ surface, credential, body, stream, clock, signal }: ChatSend): Promise<ChatReply> {
  const headers = chatHeaders(surface, credential, stream);
  const path = `${surface.path}/chat/completions`;
  const call = { origin: surface.origin, path, method: 'POST', headers, body } as const;
  const reply = await callHttp(surface.dispatcher, call, surface.timeouts, clock, signal);
  if (reply.status !== 200) throw await refusal(surface, credential, reply);
  if (reply.headers['content-encoding'] !== undefined) await requirePlain(surface.id, reply);
  const type = reply.headers['content-type'] ?? '';
  return { stream: type.startsWith('text/event-stream'), headers: reply.headers, body: reply.body };
}

interface ChatHeaders {
  readonly surface: Surface;
  readonly whole: Record<string, string>;
  readonly stream: Record<string, string>;
}

/** By credential, which belongs to one configuration: made once for all its calls. */
const CHAT_HEADERS = new WeakMap<Credential, ChatHeaders>();

function chatHeaders(surface: Surface, credential: Credential, stream: boolean): Record<string, string> {
  let made = CHAT_HEADERS.get(credential);
  if (made?.surface !== surface) {
    const common = { ...headersFor(surface, credential), 'content-type': 'application/json' };
    made = {
      surface,
      whole: { ...common, accept: 'application/json' },
      stream: { ...common, accept: 'text/event-stream' },
    };
    CHAT_HEADERS.set(credential, made);
  }
  return stream ? made.stream : made.whole;
}

async function listModels({ surface, credential, clock, signal }: Place): Promise<ListedModel[]> {
  const reply = await callHttp(
    surface.dispatcher,
    { origin: surface.origin, path: `${surface.path}/models`, method: 'GET', headers: headersFor(surface, credential) },
    surface.timeouts,
    clock,
    signal,
  );
  if (reply.status !== 200) throw await refusal(surface, credential, reply);
  await requirePlain(surface.id, reply);
  const body = await collect(reply.body, MODEL_LIST_LIMIT, () => new GatewayError('upstream_too_long'));
  const data = parseObject(body)?.['data'];
  if (!Array.isArray(data)) {
    throw new GatewayError('upstream_garbled', { surface: surface.id, message: 'The model list has no `data` array.' });
  }
  return data.filter((model): model is ListedModel => typeof model?.id === 'string');
}

export function headersFor(surface: Surface, credential: Credential): Record<string, string> {
  return {
    // Answers go on as the bytes that came.
    'accept-encoding': 'identity',
    authorization: `Bearer ${credential.secret.reveal()}`,
    'user-agent': USER_AGENT,
    ...surface.headers,
    ...credential.headers,
  };
}

/** A compatible endpoint that, as its owner says, searches where `web_search_options` asks it to. */
export const searchingFace: Adapter = { ...openaiFace, search: 'itself' };

/** Reads the body of a refusal and says which error it means. */
export async function refusal(surface: Surface, credential: Credential, reply: HttpReply): Promise<GatewayError> {
  if (reply.status >= 300 && reply.status < 400) {
    await reply.body.return();
    return new GatewayError('upstream_redirect', {
      surface: surface.id,
      message: `The surface answered ${reply.status} with a redirect to ${hostOf(reply.headers['location'])}, which is not followed.`,
    });
  }
  // The status tells enough where the words cannot be read.
  if (encodingOf(reply)) {
    await reply.body.return();
    return explainRefusal(surface, reply.status, reply.headers, Buffer.alloc(0), credential);
  }
  const body = await collect(reply.body, ERROR_BODY_LIMIT, () => new Error('too long')).catch(() => Buffer.alloc(0));
  return explainRefusal(surface, reply.status, reply.headers, body, credential);
}

function hostOf(location: string | undefined): string {
  return location && URL.canParse(location) ? new URL(location).host : 'another address';
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
