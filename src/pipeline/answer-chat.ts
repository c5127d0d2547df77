import { withoutCarried } from '../chat/anthropic/index.ts';
import type { ChatMessage } from '../chat/chat.ts';
import type { Clock } from '../clock.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import type { ReasoningMemory } from '../dialect/reasoning/reasoning-memory.ts';
import type { Repair } from '../dialect/repair-request.ts';
import { GatewayError } from '../errors.ts';
import type { PublicImages } from '../media/public-images.ts';
import type { Resolution } from '../models/resolve.ts';
import { type Signal, toAbortSignal } from '../signal.ts';
import type { Surface } from '../upstreams/surface.ts';
import { type Attempt, Attempts, type Caller, closeLease } from './attempts.ts';
import { type ChatAnswer, type ChatCall, Outcome } from './call.ts';
import { meetDemand } from './meet-demand.ts';
import { nextStep } from './next.ts';
import { type Asked, type Preparation, type Prepared, prepareRequest, readRequest } from './prepare.ts';
import { callsNeeded, mergeAnswers } from './several-choices.ts';

/** What a chat call needs of the gateway. */
export interface ChatParts {
  readonly clock: Clock;
  readonly pool: CredentialPool;
  readonly preparation: Omit<Preparation, 'strict' | 'reasoning' | 'images'>;
  readonly reasoning: ReasoningMemory;
  readonly images: PublicImages;
  readonly maxAttempts: number;
  /** The pause before the second try, which doubles, and the longest one; milliseconds. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How long a call may wait in all for a credential with a free place, milliseconds. */
  readonly queueMs: number;
  /** The largest `n` that is delivered by several calls. */
  readonly choicesLimit: number;
  /** The largest event and the largest whole answer, bytes. */
  readonly eventLimit: number;
  readonly answerLimit: number;
  /** The model for requests that name none. */
  readonly defaultModel: string | undefined;
  /** The dialect has moved: a surface refused what the rules let pass, and these repairs were made besides. */
  onMoved(repairs: readonly Repair[], refusal: string): void;
  resolve(model: string): Resolution;
  surface(id: string): Surface;
}

/**
 * The story of a chat call that was read: find who serves it, repair it for them, send it, and try the next one while
 * nothing has reached the client. Throws a GatewayError when nobody could answer.
 */
export async function answerChat(call: ChatCall & Caller, parts: ChatParts): Promise<ChatAnswer> {
  const resolution = resolve(call.asked, parts);
  const calls = callsNeeded(call.asked, resolution, parts.choicesLimit);
  if (calls === 1) return answerOnce(call, resolution, parts);
  // If one of them fails the others are of no use.
  const failed = new AbortController();
  const signal = AbortSignal.any([toAbortSignal(call.signal), failed.signal]);
  const answering = Array.from({ length: calls }, () =>
    answerOnce({ ...call, asked: readRequest(call.body), signal }, resolution, parts),
  );
  try {
    return mergeAnswers(await Promise.all(answering), call.asked.includeUsage);
  } catch (thrown) {
    failed.abort();
    for (const answer of answering) answer.then(abandon, () => {});
    throw thrown;
  }
}

function abandon(answer: ChatAnswer): void {
  if ('events' in answer) void answer.events[Symbol.asyncIterator]().return?.();
}

async function answerOnce(call: ChatCall & Caller, resolution: Resolution, parts: ChatParts): Promise<ChatAnswer> {
  const attempts = new Attempts(call, resolution, parts);
  let refusal: GatewayError | undefined;
  let waitedMs = 0;
  for (;;) {
    const turn = attempts.next();
    // A credential that is free now is there now; nothing is put off for it.
    const attempt = turn instanceof Promise ? await turn : turn;
    const begunAt = parts.clock.ticks();
    try {
      // Repairs change the document, so every attempt but the first begins with a new one.
      const request = attempts.count === 1 ? call.asked : readRequest(call.body);
      const sent = await send(attempt, call, request, refusal, parts);
      return {
        ...sent,
        waitedMs: waitedMs + attempts.queuedMs + sent.waitedMs,
        asked: resolution.asked,
        because: resolution.because,
        fallbacks: attempts.given,
      };
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      attempts.failed(attempt, error);
      if (call.signal.aborted) throw new GatewayError('client_closed');
      // A refusal that a rule knows by its sentence is answered once with one more repair.
      if (refusal === undefined && isAnswerable(error, parts)) {
        refusal = error;
        waitedMs += parts.clock.ticks() - begunAt;
        continue;
      }
      const next = nextStep(error, {
        attempts: attempts.count,
        maxAttempts: parts.maxAttempts,
        othersLeft: attempts.othersLeft,
        anyLeft: attempts.anyLeft,
        firstPauseMs: parts.firstPauseMs,
        longestPauseMs: parts.longestPauseMs,
        random: parts.clock.random(),
      });
      if (next.step === 'give-up') throw error;
      if (next.step === 'wait') await pause(parts.clock, next.ms, call.signal);
      waitedMs += parts.clock.ticks() - begunAt;
    }
  }
}

function resolve(asked: Asked, parts: ChatParts): Resolution {
  if (asked.model !== undefined) return parts.resolve(asked.model);
  if (parts.defaultModel === undefined) {
    throw new GatewayError('invalid_request', {
      message: '`model` is missing, and no default is configured (models.default).',
      param: 'model',
    });
  }
  return { ...parts.resolve(parts.defaultModel), because: 'default' };
}

function isAnswerable({ code, message }: GatewayError, { preparation }: ChatParts): boolean {
  if (code !== 'upstream_refused' && code !== 'context_length_exceeded') return false;
  return preparation.rules.some(({ refusal }) => refusal?.test(message));
}

async function send(
  { target, lease }: Attempt,
  call: ChatCall,
  asked: Asked,
  refusal: GatewayError | undefined,
  parts: ChatParts,
) {
  const { clock, eventLimit, answerLimit } = parts;
  const surface = parts.surface(target.surface);
  const images = await parts.images.gather(asked.document, surface.kind, call.signal);
  const prepare = (request: Asked) =>
    prepareRequest(request, target, surface, {
      images,
      ...parts.preparation,
      strict: call.strict,
      refusal: refusal?.message,
      reasoning: { memory: parts.reasoning, owner: call.owner },
    });
  const first = prepare(asked);
  if (refusal !== undefined) {
    // No repair helps: the refusal stands.
    if (first.moved.length === 0) throw refusal;
    parts.onMoved(first.moved, refusal.message);
  }
  const outcome = new Outcome();
  let notes: readonly string[] = [];
  const sentAt = clock.ticks();
  const demanded = await meetDemand(
    (more) => {
      const prepared = more.length === 0 ? first : prepare(readRequest(call.body));
      if (more.length > 0) appendMessages(prepared, more);
      const { stream } = prepared;
      const { callerAgent } = call;
      const place = { surface, credential: lease.credential, clock, signal: call.signal, callerAgent };
      return {
        prepared,
        send: async () => {
          const reply = await surface.adapter.sendChat({
            ...place,
            body: bodyFor(surface, prepared, call),
            stream,
          });
          lease.heard(reply.headers);
          notes = reply.notes ?? [];
          return reply;
        },
      };
    },
    {
      stream: asked.stream,
      surface: surface.id,
      secret: lease.credential.secret,
      outcome,
      eventLimit,
      answerLimit,
      ended: (error) => (error ? closeLease(lease, error) : lease.succeeded(outcome.usage)),
    },
  );
  return {
    model: target.model,
    surface: surface.id,
    credential: lease.credential.id,
    repairs: first.repairs,
    notes,
    demand: first.demand && { rule: first.demand.rule, calls: demanded.calls, met: demanded.met },
    waitedMs: clock.ticks() - sentAt,
    outcome,
    ...demanded.body,
  };
}

/** What a client's protocol carries through goes only where a face understands it; the coding surface sees to it itself. */
function bodyFor({ kind }: Surface, { document }: Prepared, call: ChatCall): Buffer {
  if (!call.carried || kind === 'coding') return document.toBytes(call.allocate);
  return Buffer.from(JSON.stringify(withoutCarried(document.toObject())));
}

function appendMessages({ document }: Prepared, more: readonly ChatMessage[]): void {
  const messages = document.get('messages');
  document.set('messages', [...(Array.isArray(messages) ? messages : []), ...more]);
}

function pause(clock: Clock, ms: number, signal: Signal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      cancel();
      reject(new GatewayError('client_closed'));
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', leave);
      resolve();
    });
    signal.addEventListener('abort', leave, { once: true });
  });
}
