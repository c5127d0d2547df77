import { OWN_SIGNATURE, unsignedHistory } from '../chat/anthropic/index.ts';
import type { JsonDocument } from '../chat/json-document.ts';
import { JsonSyntaxError } from '../chat/json-syntax-error.ts';
import { needsHub } from '../dialect/messages/needs-hub.ts';
import { renameTools } from '../dialect/messages/tool-names.ts';
import { type Repair, repairRequest } from '../dialect/repair-request.ts';
import type { Situation } from '../dialect/rule.ts';
import { toolNames } from '../dialect/rules/tool-names.ts';
import { situationOf } from '../dialect/situation.ts';
import { GatewayError } from '../errors.ts';
import type { Target } from '../models/resolve.ts';
import type { Surface } from '../upstreams/surface.ts';
import type { ChatParts } from './answer-chat.ts';
import { closeLease } from './attempts.ts';
import { type ChatAnswer, type ChatCall, Outcome } from './call.ts';
import { type Asked, readRequest, refuseRepairs } from './prepare.ts';
import { readMessages } from './read-messages.ts';
import { type Order, send } from './send.ts';

const SIGN = Buffer.from(OWN_SIGNATURE);

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
  if (!face?.takes(surface, target.facts)) return undefined;
  // What the owner sets for every request is said in the hub's words.
  const { alwaysStream, defaults } = parts.preparation;
  if ((alwaysStream && !asked.stream) || Object.keys(defaults).length > 0) return undefined;
  const prepared = prepare(asked, target, surface, call, parts);
  if (prepared === undefined) return undefined;
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

interface Prepared {
  readonly repairs: readonly Repair[];
  /** The client's name of a tool; undefined where they are all the client's own. */
  readonly toolName: ((name: string) => string) | undefined;
}

/** Repairs the document for the face; undefined if it has to go through the hub. */
function prepare(
  asked: Asked,
  target: Target,
  surface: Surface,
  call: ChatCall,
  parts: ChatParts,
): Prepared | undefined {
  const { document } = asked;
  const situation = (thinking: unknown): Situation => situationOf(surface.kind, target.facts, thinking);
  try {
    if (needsHub(document) !== undefined) return undefined;
    const { repairs: usual } = repairRequest(parts.messagesRules, document, situation, {
      stream: asked.stream,
      includeUsage: true,
      reasoning: { memory: parts.reasoning, owner: call.owner },
    });
    const renames = parts.preparation.rules.some(({ id }) => id === toolNames.id) ? renameTools(document) : undefined;
    const repairs = renames === undefined ? usual : [...usual, renames.repair];
    if (call.strict && repairs.length > 0) throw refuseRepairs(repairs);
    finish(document, target);
    return { repairs, toolName: renames?.toClient };
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    throw new GatewayError('invalid_json', { message: `The request body is not valid JSON: ${thrown.message}.` });
  }
}

function finish(document: JsonDocument, { model }: Target): void {
  if (document.get('model') !== model) document.set('model', model);
  if (document.includes(SIGN)) document.set('messages', unsignedHistory(document.get('messages')));
}
