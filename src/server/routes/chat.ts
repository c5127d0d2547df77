import { inLanguage } from '../../atlas/index.ts';
import { type ErrorCode, GatewayError } from '../../errors.ts';
import { answerChat } from '../../pipeline/answer-chat.ts';
import { answerTogether } from '../../pipeline/answer-together.ts';
import type { ChatAnswer } from '../../pipeline/call.ts';
import { type Asked, readRequest } from '../../pipeline/prepare.ts';
import type { Decoded, Protocol } from '../../protocols/protocol.ts';
import { KEEP_ALIVE_COMMENT } from '../../stream/sse-writer.ts';
import { isStrict, wantsValidCalls } from '../call-wishes.ts';
import { abandon, type Inbound, OVERHEAD_HEADER, overheadText, type Reply } from '../exchange.ts';
import { type Permit, permitCall } from '../permit.ts';
import type { RouteContext } from '../route.ts';
import { beginTurn, type NamedTurn, turnOf } from './conversations/turn.ts';
import { expectedHeaders, servedFields, servedHeaders } from './served.ts';

export const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx and its kin collect answers unless they are told not to.
  'x-accel-buffering': 'no',
};

/**
 * POST /v1/chat/completions, POST /v1/messages: an answer of a model, streamed or whole, in the client's protocol. `read`: the
 * body, where the protocol needed it before; `conversation`: the one that the path names.
 */
export async function answerIn(
  protocol: Protocol,
  inbound: Inbound,
  context: RouteContext,
  read?: Buffer,
  conversation?: NamedTurn,
): Promise<Reply> {
  const { runtime } = context;
  const { body, inside, notes, further } = protocol.decode(read ?? (await readJson(inbound, context)));
  const asked = readRequest(body, runtime.requests);
  context.asked = asked.model;
  if (runtime.ready) await runtime.ready;
  const call = {
    requestId: inbound.requestId,
    body,
    asked,
    inside,
    owner: context.owner,
    strict: isStrict(inbound, runtime.config),
    validates: wantsValidCalls(inbound, runtime.config),
    signal: inbound.signal,
    callerAgent: inbound.header('user-agent'),
    allocate: (size: number) => inbound.allocate(size),
    showsSearches: protocol.showsSearches,
  };
  const turn = turnOf(inbound, asked, context, conversation);
  if (turn !== undefined) {
    if (further && further.length > 0) throw new GatewayError('invalid_request', { message: SEVERAL, param: 'prompt' });
    const { answering, dress } = beginTurn(turn, call, context);
    const coming = notes === undefined ? answering : answering.then((answer) => withNotes(answer, notes));
    if (asked.stream) return dress(await streamReply(protocol, coming, asked, inbound, context, true));
    return dress(wholeReply(protocol, await coming, inbound, context));
  }
  const permit =
    context.key &&
    (await permitCall(context.key, [asked, ...(further ?? []).map((more) => readRequest(more))], context));
  context.permit = permit;
  if (asked.stream) return streamReply(protocol, held(call, runtime, notes, further, permit), asked, inbound, context);
  if (permit) return wholeReply(protocol, await held(call, runtime, notes, further, permit), inbound, context);
  // As `held` does, in one step less.
  runtime.enter();
  try {
    return wholeReply(protocol, withNotes(await answerAll(call, runtime.chat, further), notes), inbound, context);
  } finally {
    runtime.leave();
  }
}

const SEVERAL = 'A conversation goes on with one prompt at a time.';

/** The body of a request that has to be JSON; it is not parsed. */
export function readJson(inbound: Inbound, { runtime }: RouteContext): Promise<Buffer> {
  const type = inbound.header('content-type');
  if (type !== undefined && !/\bjson\b/i.test(type)) {
    throw new GatewayError('unsupported_content_type', {
      message: `The request body must be JSON, not ${type.slice(0, 100)}.`,
    });
  }
  const packed = inbound.header('content-encoding');
  if (packed !== undefined && packed !== 'identity') {
    throw new GatewayError('unsupported_content_type', {
      message: `The request body is compressed (${packed.slice(0, 100)}), which the gateway does not unpack.`,
      hint: 'Send it without `content-encoding`.',
    });
  }
  return inbound.body(runtime.config.limits.body_bytes);
}

/** The connections stay until the call has its answer. */
export async function held(
  call: Parameters<typeof answerChat>[0],
  runtime: RouteContext['runtime'],
  notes?: Decoded['notes'],
  further?: Decoded['further'],
  permit?: Permit,
): Promise<ChatAnswer> {
  runtime.enter();
  try {
    const answering = answerAll(call, permit?.chat ?? runtime.chat, further);
    return withNotes(await (permit?.counted(answering) ?? answering), notes);
  } finally {
    runtime.leave();
  }
}

function answerAll(
  call: Parameters<typeof answerChat>[0],
  chat: RouteContext['runtime']['chat'],
  further: Decoded['further'],
): Promise<ChatAnswer> {
  return further === undefined || further.length === 0 ? answerChat(call, chat) : answerTogether(call, further, chat);
}

function withNotes(answer: ChatAnswer, notes: Decoded['notes']): ChatAnswer {
  return notes === undefined || notes.length === 0 ? answer : { ...answer, notes: [...notes, ...answer.notes] };
}

function wholeReply(protocol: Protocol, answer: ChatAnswer, inbound: Inbound, context: RouteContext): Reply {
  if (!('whole' in answer)) throw new GatewayError('internal', { message: 'A whole answer was asked for.' });
  const headers = servedHeaders(answer, inbound, context);
  headers['content-type'] = 'application/json';
  const body = answer.untranslated ? answer.whole : protocol.whole(answer.whole);
  return { status: 200, headers, body, log: () => servedFields(answer) };
}

/**
 * A stream begins when its first event is there, so that an early failure keeps its status. If that takes long the
 * stream is begun with a comment all the same; what fails then is told inside.
 */
async function streamReply(
  protocol: Protocol,
  answering: Promise<ChatAnswer>,
  asked: Asked,
  inbound: Inbound,
  context: RouteContext,
  isTurn = false,
): Promise<Reply> {
  const keepAliveMs = context.runtime.config.timeouts.keep_alive_ms;
  const preparedMs = context.clock.ticks() - inbound.arrivedAt;
  const first = keepAliveMs > 0 ? await withinMs(answering, keepAliveMs, context) : await answering;
  const state: StreamState = { answer: first, error: undefined };
  return {
    status: 200,
    headers: {
      ...EVENT_STREAM,
      ...(first
        ? servedHeaders(first, inbound, context)
        : { ...expectedHeaders(asked, context, isTurn), [OVERHEAD_HEADER]: overheadText(preparedMs) }),
    },
    body: encode(protocol, first ?? answering, state, inbound.header('accept-language')),
    ...(keepAliveMs > 0 ? { keepAlive: { everyMs: keepAliveMs, bytes: protocol.keepAlive } } : {}),
    log: () => ({ ...(state.answer ? servedFields(state.answer) : {}), ...(state.error ? { code: state.error } : {}) }),
  };
}

interface StreamState {
  answer: ChatAnswer | undefined;
  error: ErrorCode | undefined;
}

/** The answer if it is there in time, else undefined. Its failure in time is thrown. */
async function withinMs(
  answering: Promise<ChatAnswer>,
  ms: number,
  { clock }: RouteContext,
): Promise<ChatAnswer | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(ms, () => resolve(undefined));
  try {
    return await Promise.race([answering, late]);
  } finally {
    cancel();
  }
}

const abandonAnswer = (answer: ChatAnswer) => abandon('events' in answer ? answer.events : undefined).catch(() => {});

/** The client's events and their proper end; or an error event and nothing behind it. */
async function* encode(
  protocol: Protocol,
  coming: ChatAnswer | Promise<ChatAnswer>,
  state: StreamState,
  language: string | undefined,
): AsyncGenerator<Buffer> {
  try {
    if (coming instanceof Promise) {
      // A comment, in every protocol: nothing of the client's grammar may come before its first event.
      yield KEEP_ALIVE_COMMENT;
      state.answer = await coming;
    }
    if (state.answer === undefined || !('events' in state.answer)) throw new GatewayError('internal');
    const { events, untranslated } = state.answer;
    for await (const run of untranslated ? events : protocol.stream(events)) yield run;
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    state.error = error.code;
    if (error.code !== 'client_closed') yield protocol.errorEvent(inLanguage(error, language));
  } finally {
    // The client left before the answer came: whoever would have read it has to end it.
    if (state.answer === undefined && coming instanceof Promise) coming.then(abandonAnswer, () => {});
  }
}
