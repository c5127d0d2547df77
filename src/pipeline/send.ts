import type { ChatMessage } from '../chat/chat.ts';
import type { Lease } from '../credentials/lease.ts';
import { GatewayError } from '../errors.ts';
import type { Resolution } from '../models/resolve.ts';
import type { ChatReply } from '../upstreams/adapter.ts';
import type { Surface } from '../upstreams/surface.ts';
import type { ChatParts } from './answer-chat.ts';
import { type Attempt, type Attempts, closeLease } from './attempts.ts';
import { type ChatAnswer, type ChatCall, Outcome } from './call.ts';
import { learnTokens } from './learn-tokens.ts';
import { meetDemand } from './meet-demand.ts';
import { pause } from './pause.ts';
import { type Asked, type Prepared, prepareRequest, readRequest } from './prepare.ts';
import { type AnswerReading, readAnswer } from './read-answer.ts';

/** What is to be sent, and what is known about the call by then. */
export interface Order {
  readonly attempt: Attempt;
  readonly call: ChatCall;
  /** What was read of the call's body; repairs change it, so it belongs to this attempt alone. */
  readonly asked: Asked;
  /** What the surface said to the same request just before. */
  readonly refusal: GatewayError | undefined;
  readonly resolution: Resolution;
  readonly attempts: Attempts;
  /** Milliseconds spent waiting for surfaces in earlier attempts. */
  readonly waitedMs: number;
}

/**
 * One attempt: prepares the request for its target, sends it, and reads the answer so far that its failure can still be
 * met with another attempt.
 */
export async function send(order: Order, parts: ChatParts): Promise<ChatAnswer> {
  const { call, asked, refusal, resolution, attempts } = order;
  const { target, lease } = order.attempt;
  const { clock, preparation } = parts;
  const surface = parts.surface(target.surface);
  const gathering = parts.images.gather(asked.document, surface.kind, call.signal);
  const how = {
    rules: call.validates ? parts.validatingRules : preparation.rules,
    alwaysStream: preparation.alwaysStream,
    defaults: preparation.defaults,
    tokens: parts.tokens,
    images: gathering instanceof Promise ? await gathering : gathering,
    strict: call.strict,
    refusal: refusal?.message,
    reasoning: { memory: parts.reasoning, owner: call.owner },
  };
  const { search, signal, callerAgent } = call;
  if (search) {
    await search.choose({ surface, credential: lease.credential, clock, signal, callerAgent }, asked.document);
    search.apply(asked.document);
  }
  const first = prepareRequest(asked, target, surface, how);
  if (refusal !== undefined) {
    // No repair helps: the refusal stands.
    if (first.moved.length === 0) throw refusal;
    parts.onMoved(first.moved, refusal.message);
  }
  const sentAt = clock.ticks();
  const sending = new Sending(call, surface, order.attempt, asked.stream, parts);
  const { demand } = first;
  const demanded =
    demand === undefined
      ? undefined
      : await meetDemand((more) => {
          const prepared = more.length === 0 ? first : prepareRequest(readAgain(call), target, surface, how);
          if (more.length > 0) appendMessages(prepared, more);
          const send = () => (more.length > 0 ? sending.again(prepared) : sending.send(prepared));
          return { prepared, send: async () => sending.heard(await send()) };
        }, sending);
  const body =
    demanded?.body ?? (await readAnswer(sending.heard(await sending.send(first)), sending, first.answerRepairs));
  const served = {
    model: target.model,
    asked: resolution.asked,
    because: resolution.because,
    surface: surface.id,
    credential: lease.credential.id,
    repairs: first.repairs,
    notes: call.notes ? [...call.notes, ...sending.notes] : sending.notes,
    demand: demand && demanded && { rule: demand.rule, calls: demanded.calls, met: demanded.met },
    fallbacks: attempts.given,
    waitedMs: order.waitedMs + attempts.queuedMs + clock.ticks() - sentAt,
    outcome: sending.outcome,
    chat: sending.chat,
  };
  return Object.assign(served, body);
}

/** What goes up with one lease, and how its answer is read. */
class Sending implements AnswerReading {
  readonly stream: boolean;
  readonly surface: string;
  readonly shown: AnswerReading['shown'];
  readonly eventLimit: number;
  readonly answerLimit: number;
  readonly outcome = new Outcome();
  notes: readonly string[] = NO_NOTES;
  chat: ChatReply['chat'];
  readonly #call: ChatCall;
  readonly #surface: Surface;
  readonly #lease: Lease;
  readonly #model: string;
  readonly #parts: ChatParts;

  constructor(call: ChatCall, surface: Surface, { lease, target }: Attempt, stream: boolean, parts: ChatParts) {
    this.#call = call;
    this.#surface = surface;
    this.#lease = lease;
    this.#model = target.model;
    this.#parts = parts;
    this.stream = stream;
    this.surface = surface.id;
    this.shown = lease.credential;
    this.eventLimit = parts.eventLimit;
    this.answerLimit = parts.answerLimit;
  }

  send({ document, stream }: Prepared): Promise<ChatReply> {
    const { signal, callerAgent, allocate, carries, bound } = this.#call;
    const surface = this.#surface;
    const { credential } = this.#lease;
    const { clock } = this.#parts;
    return surface.adapter.sendChat({
      surface,
      credential,
      clock,
      signal,
      callerAgent,
      body: document.toBytes(allocate),
      stream,
      carries,
      chat: bound?.chat,
    });
  }

  /** The head of the answer is there. */
  heard(reply: ChatReply): ChatReply {
    this.#lease.heard(reply.headers);
    this.notes = reply.notes ?? NO_NOTES;
    this.chat = reply.chat;
    return reply;
  }

  /** Another call with the same lease: it counts against the account as every other does. */
  async again(prepared: Prepared): Promise<ChatReply> {
    const { clock, queueMs } = this.#parts;
    const since = clock.ticks();
    this.#lease.spent(this.outcome.usage);
    for (let ms = this.#lease.again(); ms > 0; ms = this.#lease.again()) {
      if (clock.ticks() - since + ms > queueMs) throw new GatewayError('rate_limited', { retryAfterMs: ms });
      await pause(clock, ms, this.#call.signal);
    }
    return this.send(prepared);
  }

  ended(error: GatewayError | undefined): void {
    if (error) closeLease(this.#lease, error);
    else {
      this.#lease.succeeded(this.outcome.usage);
      const { tokens, clock } = this.#parts;
      const { body } = this.#call;
      learnTokens(tokens, { model: this.#model, body, usage: this.outcome.usage, now: clock.ticks() });
    }
  }
}

const NO_NOTES: readonly string[] = [];

function readAgain({ body, search }: ChatCall): Asked {
  const asked = readRequest(body);
  search?.apply(asked.document);
  return asked;
}

function appendMessages({ document }: Prepared, more: readonly ChatMessage[]): void {
  const messages = document.get('messages');
  document.set('messages', [...(Array.isArray(messages) ? messages : []), ...more]);
}
