import type { ChatParts } from './answer-chat.ts';
import { closeLease } from './attempts.ts';
import { type ChatAnswer, Outcome } from './call.ts';
import { readRequest } from './prepare.ts';
import { prepareMessages, whyTranslated } from './prepare-messages.ts';
import { readMessages } from './read-messages.ts';
import { type Order, send } from './send.ts';

/**
 * One attempt for a request in Anthropic's shape: untranslated onto a face of that shape, else through the hub. What such a
 * face has just refused may be mended in the hub.
 */
export async function answerMessages(order: Order, parts: ChatParts): Promise<ChatAnswer> {
  const passed = order.refusal === undefined ? await pass(order, parts) : undefined;
  if (passed) return passed;
  const { body = order.call.body, notes = [] } = order.call.inside?.() ?? {};
  const call = { ...order.call, body, inside: undefined, carries: true };
  const answer = await send({ ...order, call, asked: readRequest(body) }, parts);
  return { ...answer, notes: [...notes, ...answer.notes] };
}

/**
 * Bytes stay bytes but for the few repairs that the face needs, in both directions. Undefined if the surface has no such
 * face for this model, or if the request needs what only the hub can do; nothing has been sent then.
 */
async function pass(order: Order, parts: ChatParts): Promise<ChatAnswer | undefined> {
  const { call, asked, resolution, attempts } = order;
  const { target, lease } = order.attempt;
  const surface = parts.surface(target.surface);
  const face = surface.adapter.messages;
  const passing = { asked, target, surface, validates: call.validates };
  if (face === undefined || whyTranslated(passing, parts) !== undefined) return undefined;
  const prepared = prepareMessages(passing, call, parts);
  const { clock, eventLimit, answerLimit } = parts;
  const { signal, callerAgent } = call;
  const outcome = new Outcome();
  const sentAt = clock.ticks();
  const place = { surface, credential: lease.credential, clock, signal, callerAgent };
  const reply = await face.send({ ...place, body: asked.document.toBytes(call.allocate), stream: asked.stream });
  lease.heard(reply.headers);
  const answer = await readMessages(reply, {
    stream: asked.stream,
    surface: surface.id,
    shown: lease.credential,
    outcome,
    eventLimit,
    answerLimit,
    toolName: prepared.toolName,
    ended: (error) => (error ? closeLease(lease, error) : lease.succeeded(outcome.usage)),
  });
  return {
    model: target.model,
    asked: resolution.asked,
    because: resolution.because,
    surface: surface.id,
    credential: lease.credential.id,
    repairs: prepared.repairs,
    notes: call.notes ?? [],
    fallbacks: attempts.given,
    waitedMs: order.waitedMs + attempts.queuedMs + clock.ticks() - sentAt,
    untranslated: true,
    outcome,
    ...answer,
  };
}
