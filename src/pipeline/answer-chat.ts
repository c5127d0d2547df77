import type { Clock } from '../clock.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { GatewayError } from '../errors.ts';
import type { Resolution } from '../models/resolve.ts';
import { sendChat } from '../upstreams/openai-face.ts';
import type { Surface } from '../upstreams/surface.ts';
import { type Attempt, Attempts, closeLease } from './attempts.ts';
import { type ChatAnswer, type ChatCall, Outcome } from './call.ts';
import { nextStep } from './next.ts';
import { type Asked, type Preparation, prepareRequest, readRequest } from './prepare.ts';
import { readAnswer } from './read-answer.ts';

/** What a chat call needs of the gateway. */
export interface ChatParts {
  readonly clock: Clock;
  readonly pool: CredentialPool;
  readonly preparation: Omit<Preparation, 'strict'>;
  readonly maxAttempts: number;
  /** The largest event and the largest whole answer, bytes. */
  readonly eventLimit: number;
  readonly answerLimit: number;
  /** The model for requests that name none. */
  readonly defaultModel: string | undefined;
  resolve(model: string): Resolution;
  surface(id: string): Surface;
}

/**
 * The story of a chat call that was read: find who serves it, repair it for them, send it, and try the next one while nothing
 * has reached the client. Throws a GatewayError when nobody could answer.
 */
export async function answerChat(asked: Asked, call: ChatCall, parts: ChatParts): Promise<ChatAnswer> {
  const resolution = resolve(asked, parts);
  const attempts = new Attempts(resolution, parts.pool);
  let waitedMs = 0;
  for (;;) {
    const attempt = attempts.next();
    const begunAt = parts.clock.ticks();
    try {
      // Repairs change the document, so every attempt but the first begins with a new one.
      const request = attempts.count === 1 ? asked : readRequest(call.body);
      const sent = await send(attempt, call, request, parts);
      return {
        ...sent,
        waitedMs: waitedMs + sent.waitedMs,
        asked: resolution.asked,
        because: resolution.because,
        fallbacks: attempts.given,
      };
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      attempts.failed(attempt, error);
      if (call.signal.aborted) throw new GatewayError('client_closed');
      const next = nextStep(error, {
        attempts: attempts.count,
        maxAttempts: parts.maxAttempts,
        othersLeft: attempts.othersLeft,
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

async function send({ target, lease }: Attempt, call: ChatCall, asked: Asked, parts: ChatParts) {
  const { clock, eventLimit, answerLimit } = parts;
  const surface = parts.surface(target.surface);
  const prepared = prepareRequest(asked, target, surface, { ...parts.preparation, strict: call.strict });
  const sentAt = clock.ticks();
  const reply = await sendChat(surface, lease.credential, prepared.body, prepared.stream, clock, call.signal);
  const outcome = new Outcome();
  const body = await readAnswer(reply, {
    stream: asked.stream,
    surface: surface.id,
    secret: lease.credential.secret,
    repairs: prepared.answerRepairs,
    outcome,
    eventLimit,
    answerLimit,
    ended: (error) => (error ? closeLease(lease, error) : lease.succeeded()),
  });
  const waitedMs = clock.ticks() - sentAt;
  return {
    model: target.model,
    surface: surface.id,
    credential: lease.credential.id,
    repairs: prepared.repairs,
    waitedMs,
    outcome,
    ...body,
  };
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
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
