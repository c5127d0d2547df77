import type { ChatChunk, ChatCompletion, ChatMessage, Usage } from '../../chat/chat.ts';
import { ERRORS, type ErrorCode, GatewayError } from '../../errors.ts';
import { SseReader, splitEvents } from '../../stream/sse-reader.ts';
import type { Endpoint } from '../endpoint.ts';

export interface Question {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
}

/** An answer as it arrives: first who serves it, then its text in pieces, then how it ended. */
export type AnswerEvent = ServedEvent | { readonly kind: 'reasoning' | 'text'; readonly text: string } | EndEvent;

export interface ServedEvent {
  readonly kind: 'served';
  /** From the headers; undefined where something else than moongate answers, or a slow stream began before it was known. */
  readonly surface: string | undefined;
  readonly asked: string | undefined;
  readonly because: string | undefined;
  readonly repairs: readonly string[];
}

export interface EndEvent {
  readonly kind: 'end';
  readonly model: string | undefined;
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
}

/** The gateway's own limit of an event is 8 MiB unless it was raised. */
const EVENT_LIMIT = 64 * 1024 * 1024;

/** Asks the gateway. Throws GatewayError, or the signal's reason when that was aborted. */
export async function* ask(endpoint: Endpoint, question: Question, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const { model, messages, stream } = question;
  const response = await endpoint.call('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages, ...(stream ? { stream, stream_options: { include_usage: true } } : {}) }),
    signal,
  });
  if (!response.ok) throw await failureOf(response);
  yield servedBy(response.headers);
  const isStream = response.headers.get('content-type')?.includes('event-stream') ?? false;
  if (isStream) yield* streamed(response);
  else yield* whole((await response.json()) as ChatCompletion);
}

function servedBy(headers: Headers): ServedEvent {
  const model = headers.get('x-moongate-model') ?? '';
  const repairs = headers.get('x-moongate-repairs');
  return {
    kind: 'served',
    surface: headers.get('x-moongate-surface') ?? undefined,
    asked: /; asked="([^"]*)"/.exec(model)?.[1],
    because: /; because=(\w+)/.exec(model)?.[1],
    repairs: repairs === null ? [] : repairs.split(', '),
  };
}

async function* streamed(response: Response): AsyncGenerator<AnswerEvent> {
  const end: { -readonly [Member in keyof EndEvent]: EndEvent[Member] } = {
    kind: 'end',
    model: undefined,
    finishReason: undefined,
    usage: undefined,
  };
  let isComplete = false;
  for await (const data of eventData(response)) {
    if (data === '[DONE]') {
      isComplete = true;
      continue;
    }
    const chunk = parsed(data) as ChatChunk;
    if (chunk.error !== undefined) throw toError(chunk.error, undefined);
    end.model = chunk.model ?? end.model;
    end.usage = chunk.usage ?? end.usage;
    const choice = chunk.choices?.[0];
    end.finishReason = choice?.finish_reason ?? end.finishReason;
    if (choice?.delta) yield* textsOf(choice.delta);
  }
  if (!isComplete) throw new GatewayError('stream_cut', { message: 'The answer was cut off before its end.' });
  yield end;
}

async function* eventData(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const reader = new SseReader(EVENT_LIMIT);
  for await (const piece of response.body) {
    const run = reader.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    if (run === undefined) continue;
    for (const { data } of splitEvents(run)) if (data !== undefined) yield data;
  }
}

async function* whole({ model, choices, usage }: ChatCompletion): AsyncGenerator<AnswerEvent> {
  const choice = choices?.[0];
  if (choice?.message) yield* textsOf(choice.message);
  yield { kind: 'end', model, finishReason: choice?.finish_reason ?? undefined, usage: usage ?? undefined };
}

function* textsOf({ reasoning_content, content }: ChatMessage): Generator<AnswerEvent> {
  if (typeof reasoning_content === 'string' && reasoning_content !== '') {
    yield { kind: 'reasoning', text: reasoning_content };
  }
  if (typeof content === 'string' && content !== '') yield { kind: 'text', text: content };
}

/** What a refused call says, in the words of whoever refused. */
export async function failureOf(response: Response): Promise<GatewayError> {
  const text = await response.text().catch(() => '');
  const body = parsed(text);
  const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return toError(said, response.status);
}

/** Hints that speak of HTTP, in the words of this command line. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  invalid_api_key: 'Give one with --key; the keys are listed under `keys` in the moongate.yaml of that gateway.',
  upstream_model_not_found: '`moongate models` lists what can be used (in a chat: /model).',
  unknown_model: '`moongate models` lists what can be used (in a chat: /model).',
};

function toError(said: unknown, status: number | undefined): GatewayError {
  if (typeof said !== 'object' || said === null || !('message' in said) || typeof said.message !== 'string') {
    return new GatewayError('upstream_garbled', {
      message: `What answers there${status === undefined ? '' : ` with status ${status}`} does not speak as a gateway does.`,
      hint: 'Check the address given with --url.',
    });
  }
  const given = 'hint' in said && typeof said.hint === 'string' ? said.hint : undefined;
  const code = 'code' in said && isErrorCode(said.code) ? said.code : 'upstream_error';
  const hint = HINTS[code] ?? given;
  // The message carries the hint at its end, for clients that show nothing else.
  const message = given === undefined ? said.message : said.message.replace(` ${given}`, '');
  return new GatewayError(code, { message, ...(hint === undefined ? {} : { hint }) });
}

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERRORS, code);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
