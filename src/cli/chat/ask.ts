import type { ChatChunk, ChatCompletion, ChatMessage, Usage } from '../../chat/chat.ts';
import { Fold } from '../../chat/fold.ts';
import { SseReader, splitEvents } from '../../stream/sse-reader.ts';
import { Failure, type Terminal } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import { whileSilent } from '../progress.ts';
import { failureOf, toError } from './refusal.ts';

export interface Question {
  /** `/v1/chat/completions`, or the one of a conversation. */
  readonly path: string;
  /** Without `stream`. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
}

/** An answer as it arrives: first who serves it, then its text in pieces, then how it ended. */
export type AnswerEvent =
  | ServedEvent
  | { readonly kind: 'reasoning' | 'text' | 'searched'; readonly text: string }
  | EndEvent;

export interface ServedEvent {
  readonly kind: 'served';
  /** From the headers; undefined where something else than moongate answers, or a slow stream began before it was known. */
  readonly surface: string | undefined;
  readonly asked: string | undefined;
  readonly because: string | undefined;
  readonly repairs: readonly string[];
  /** What the gateway wants its caller to know. */
  readonly notes: string | undefined;
}

export interface EndEvent {
  readonly kind: 'end';
  readonly model: string | undefined;
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
  /** The whole message, with the tools that it calls. */
  readonly message: ChatMessage;
}

/** The gateway's own limit of an event is 8 MiB unless it was raised. */
const EVENT_LIMIT = 64 * 1024 * 1024;

/** Asks the gateway. Throws GatewayError, or the signal's reason when that was aborted. */
export async function* ask(endpoint: Endpoint, question: Question, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const { path, body, stream } = question;
  const response = await endpoint.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, ...(stream ? { stream, stream_options: { include_usage: true } } : {}) }),
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
    notes: headers.get('x-moongate-notes') ?? undefined,
  };
}

/** At the highest effort Kimi thinks for minutes before its first word. */
export function awaited(terminal: Terminal, events: AsyncIterable<AnswerEvent>): AsyncGenerator<AnswerEvent> {
  const waiting = { en: 'waiting for the answer…', zh: '等待回答…' };
  return whileSilent(terminal, waiting, events, ({ kind }) => kind !== 'served');
}

async function* streamed(response: Response): AsyncGenerator<AnswerEvent> {
  const fold = new Fold();
  let isComplete = false;
  for await (const data of eventData(response)) {
    if (data === '[DONE]') {
      isComplete = true;
      continue;
    }
    const chunk = parsed(data) as ChatChunk;
    if (chunk.error !== undefined) throw toError(chunk.error, undefined);
    fold.add(chunk);
    const delta = chunk.choices?.[0]?.delta;
    if (delta) yield* textsOf(delta);
  }
  if (!isComplete) throw cutOff();
  yield endOf(fold.completion());
}

function cutOff(): Failure {
  return new Failure(
    { en: 'The answer was cut off before its end.', zh: '回答在结束之前中断。' },
    { code: 'stream_cut' },
  );
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

async function* whole(completion: ChatCompletion): AsyncGenerator<AnswerEvent> {
  const message = completion.choices?.[0]?.message;
  if (message) yield* textsOf(message);
  yield endOf(completion);
}

function endOf({ model, choices, usage }: ChatCompletion): EndEvent {
  const choice = choices?.[0];
  return {
    kind: 'end',
    model,
    finishReason: choice?.finish_reason ?? undefined,
    usage: usage ?? undefined,
    message: choice?.message ?? { role: 'assistant', content: '' },
  };
}

function* textsOf(message: ChatMessage): Generator<AnswerEvent> {
  const { reasoning_content, content, searched } = message;
  if (typeof reasoning_content === 'string' && reasoning_content !== '') {
    yield { kind: 'reasoning', text: reasoning_content };
  }
  for (const query of queriesOf(searched)) yield { kind: 'searched', text: query };
  if (typeof content === 'string' && content !== '') yield { kind: 'text', text: content };
}

/** The gateway's own member tells what was looked for on the way. */
function queriesOf(searched: unknown): readonly string[] {
  const steps: readonly unknown[] = Array.isArray(searched) ? searched : [searched];
  return steps.flatMap((step) =>
    typeof step === 'object' && step !== null && 'query' in step && typeof step.query === 'string' ? [step.query] : [],
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
