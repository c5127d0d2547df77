import type { Place } from './adapter.ts';
import { callHttp, type HttpReply } from './http-call.ts';
import { headersFor, refusal } from './openai-face.ts';
import { requirePlain } from './unpacked.ts';

/** Honoured only on the beta endpoint and with its header (MoonshotAI/kimi-code kosong anthropic.ts). */
const CONTEXT_BETA = 'context-management-2025-06-27';

export interface MessagesCall extends Place {
  /** The path of the face, without `/messages`. */
  readonly path: string;
  /** A request in Anthropic's shape. */
  readonly body: Buffer;
  readonly stream: boolean;
  /** The request has `context_management`. */
  readonly managesContext: boolean;
}

/** One request to an Anthropic face. Resolves with the head of an answer; a refusal is thrown as the error that it means. */
export async function callMessages(call: MessagesCall): Promise<HttpReply> {
  const { surface, credential, path, body, stream, managesContext, clock, signal } = call;
  const reply = await callHttp(
    surface.dispatcher,
    {
      origin: surface.origin,
      path: `${path}/messages${managesContext ? '?beta=true' : ''}`,
      method: 'POST',
      headers: {
        ...headersFor(surface, credential),
        'content-type': 'application/json',
        accept: stream ? 'text/event-stream' : 'application/json',
        'anthropic-version': '2023-06-01',
        ...(managesContext ? { 'anthropic-beta': CONTEXT_BETA } : {}),
      },
      body,
    },
    surface.timeouts,
    clock,
    signal,
  );
  if (reply.status !== 200) throw await refusal(surface, credential, reply);
  await requirePlain(surface.id, reply);
  return reply;
}

export function isEventStream({ headers }: HttpReply): boolean {
  return (headers['content-type'] ?? '').startsWith('text/event-stream');
}
