import type { ChatChunk } from '../../../chat/chat.ts';
import {
  type Converted,
  type ResponseFrame,
  type ResponseObject,
  ResponsesEncoder,
  type ResponsesRequest,
} from '../../../chat/responses/index.ts';
import { GatewayError } from '../../../errors.ts';
import type { ChatAnswer } from '../../../pipeline/call.ts';
import { readRequest } from '../../../pipeline/prepare.ts';
import { chunksIn } from '../../../protocols/openai-responses.ts';
import type { BackgroundJob, Run } from '../../../responses/background-runs.ts';
import { KEEP_ALIVE_COMMENT, writeNamedEvent } from '../../../stream/sse-writer.ts';
import { isStrict, wantsValidCalls } from '../../call-wishes.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import { type Permit, permitCall } from '../../permit.ts';
import type { RouteContext } from '../../route.ts';
import { scopeOf } from '../../scope.ts';
import { EVENT_STREAM, held } from '../chat.ts';
import { servedFields } from '../served.ts';
import { toBody } from './read-history.ts';

export interface BackgroundOrder {
  readonly asked: ResponsesRequest;
  readonly frame: ResponseFrame;
  readonly converted: Converted;
  keep(response: ResponseObject): Promise<void>;
}

/** `background: true`: the response is there at once, queued, and is worked on whether or not its client stays. */
export async function startInBackground(
  order: BackgroundOrder,
  inbound: Inbound,
  context: RouteContext,
): Promise<Reply> {
  const { runtime, responses, owner, clock } = context;
  const { asked, frame, converted, keep } = order;
  if (runtime.config.responses.keep === 0) {
    throw new GatewayError('invalid_request', {
      message: 'This gateway keeps no responses, so none can run in the background.',
      param: 'background',
    });
  }
  responses.runs.checkRoom();
  if (runtime.ready) await runtime.ready;
  // What is wrong with the request itself is told now, not by a response that failed.
  scopeOf(context).resolve(asked.model ?? runtime.config.models.default ?? '');
  const body = toBody(converted, { stream: true, stream_options: { include_usage: true } });
  const permit = context.key && (await permitCall(context.key, [readRequest(body)], context));
  const encoder = new ResponsesEncoder(frame);
  await keep(encoder.response);
  let answered: ChatAnswer | undefined;
  const job: BackgroundJob = {
    owner,
    encoder,
    async answer(signal) {
      answered = await askModel({ body, signal, permit }, inbound, context);
      return batches(answered);
    },
    async ended(response) {
      const { id, status } = response;
      // The line of the request was written when nothing had been answered yet.
      const facts = answered && servedFields(answered);
      context.log.info({ id: inbound.requestId, response: id, status, ...facts }, 'background');
      const ms = clock.ticks() - inbound.arrivedAt;
      context.ledger.add({
        id: inbound.requestId,
        at: clock.now(),
        key: owner,
        protocol: 'openai-responses',
        asked: asked.model,
        status: status === 'failed' ? 502 : 200,
        code: undefined,
        complete: status !== 'cancelled',
        firstMs: ms,
        totalMs: ms,
        facts: facts ?? {},
        bodies: undefined,
      });
      await keep(response);
    },
  };
  const run = startRun(job, responses.runs, permit);
  // The ledger gets its row when the run has ended, not for the reply that it has begun.
  context.protocol = undefined;
  return asked.stream ? eventsReply(run, 0, inbound, context) : jsonReply(200, run.response);
}

/** The room may have been taken meanwhile. */
function startRun(job: BackgroundJob, runs: RouteContext['responses']['runs'], permit: Permit | undefined): Run {
  try {
    return runs.start(job);
  } catch (thrown) {
    permit?.abandon();
    throw thrown;
  }
}

interface Question {
  readonly body: Buffer;
  readonly signal: AbortSignal;
  readonly permit: Permit | undefined;
}

async function askModel(
  { body, signal, permit }: Question,
  inbound: Inbound,
  { runtime, owner }: RouteContext,
): Promise<ChatAnswer> {
  const call = {
    requestId: inbound.requestId,
    body,
    asked: readRequest(body),
    owner,
    strict: isStrict(inbound, runtime.config),
    validates: wantsValidCalls(inbound, runtime.config),
    signal,
    callerAgent: inbound.header('user-agent'),
    allocate: Buffer.allocUnsafe,
    showsSearches: true,
  };
  return held(call, runtime, undefined, undefined, permit);
}

async function* batches(answer: ChatAnswer): AsyncGenerator<readonly ChatChunk[]> {
  if (!('events' in answer)) throw new GatewayError('internal', { message: 'A stream was asked for.' });
  for await (const run of answer.events) yield chunksIn(run);
}

/** The events of a run from a sequence number on. A client that leaves stops nothing. */
export function eventsReply(run: Run, from: number, inbound: Inbound, { runtime }: RouteContext): Reply {
  const everyMs = runtime.config.timeouts.keep_alive_ms;
  return {
    status: 200,
    headers: { ...EVENT_STREAM },
    body: told(run, from, inbound.signal),
    ...(everyMs > 0 ? { keepAlive: { everyMs, bytes: KEEP_ALIVE_COMMENT } } : {}),
  };
}

async function* told(run: Run, from: number, signal: Inbound['signal']): AsyncGenerator<Buffer> {
  try {
    for await (const events of run.log.read(from, signal)) yield events;
  } catch (thrown) {
    const { code, message } = GatewayError.from(thrown);
    yield writeNamedEvent('error', { type: 'error', sequence_number: from, code, message, param: null });
  }
}
