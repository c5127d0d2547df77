import {
  type MessagesAnswer,
  MessagesDecoder,
  MessagesEncoder,
  signed,
  toChatCompletion,
  toFinish,
  toHubUsage,
  toMessagesAnswer,
} from '../chat/anthropic/index.ts';
import { Fold, unfold } from '../chat/fold.ts';
import { JsonDocument } from '../chat/json-document.ts';
import { JsonSyntaxError } from '../chat/json-syntax-error.ts';
import { GatewayError } from '../errors.ts';
import { collect } from '../stream/byte-source.ts';
import { splitEvents } from '../stream/sse-reader.ts';
import { writeNamedEvent } from '../stream/sse-writer.ts';
import type { ChatReply } from '../upstreams/adapter.ts';
import { explainInStream } from '../upstreams/explain-refusal.ts';
import { type AnswerBody, type AnswerReading, begun } from './read-answer.ts';
import { readMessagesStream } from './read-messages-stream.ts';

export type MessagesReading = AnswerReading & {
  /** The client's name of a tool that the answer calls, where it went up under another one. */
  readonly toolName?: ((name: string) => string) | undefined;
};

/**
 * Reads an answer in Anthropic's shape so far that its failure can still be met with another attempt: all of a whole one,
 * the first event of a stream. A surface may answer in the other form than was asked; the client gets the one it asked for.
 */
export async function readMessages(reply: ChatReply, reading: MessagesReading): Promise<AnswerBody> {
  if (reply.stream) {
    const events = readMessagesStream(reply.body, { ...reading, explain: explainer(reading) });
    return reading.stream ? { events: await begun(events) } : { whole: await folded(events, reading) };
  }
  const body = await collect(reply.body, reading.answerLimit, () => new GatewayError('upstream_too_long'));
  try {
    const whole = readWhole(body, reading);
    reading.ended(undefined);
    return reading.stream ? { events: unfolded(whole) } : { whole };
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    const message = 'The surface sent an answer that is not JSON.';
    throw new GatewayError('upstream_garbled', { surface: reading.surface, message, cause });
  }
}

const explainer =
  ({ surface, shown }: MessagesReading) =>
  (error: unknown) =>
    explainInStream(surface, error, shown);

/** The same buffer unless there is thinking to be signed or a tool to be called by the client's name. */
function readWhole(body: Buffer, reading: MessagesReading): Buffer {
  const document = new JsonDocument(body);
  const { outcome, toolName } = reading;
  if (document.get('type') === 'error') throw explainer(reading)(document.get('error'));
  const usage = document.get('usage');
  if (typeof usage === 'object' && usage !== null) outcome.usage = toHubUsage({ ...usage });
  const content = document.get('content');
  const blocks: readonly Record<string, unknown>[] = Array.isArray(content) ? content : [];
  const reason = document.get('stop_reason');
  const hasCalls = blocks.some((block) => block?.['type'] === 'tool_use');
  outcome.finishReason = toFinish(typeof reason === 'string' ? reason : null, null, hasCalls).finish_reason;
  const after = blocks.map((block) => {
    const name = toolName && block?.['type'] === 'tool_use' ? toolName(String(block['name'])) : undefined;
    return name === undefined || name === block['name'] ? signed(block) : { ...block, name };
  });
  if (after.some((block, index) => block !== blocks[index])) document.set('content', after);
  return document.toBytes();
}

async function folded(events: AsyncIterable<Buffer>, { answerLimit }: MessagesReading): Promise<Buffer> {
  const decoder = new MessagesDecoder({ created: 0, includeUsage: true, carries: true });
  const fold = new Fold();
  let size = 0;
  for await (const run of events) {
    size += run.length;
    if (size > answerLimit) throw new GatewayError('upstream_too_long');
    for (const { data } of splitEvents(run)) {
      if (data !== undefined) for (const chunk of decoder.add(JSON.parse(data))) fold.add(chunk);
    }
  }
  return Buffer.from(JSON.stringify(toMessagesAnswer(fold.completion()).answer));
}

async function* unfolded(whole: Buffer): AsyncGenerator<Buffer> {
  const { completion } = toChatCompletion(JSON.parse(whole.toString()) as MessagesAnswer, 0);
  const encoder = new MessagesEncoder();
  const events = [...unfold(completion).flatMap((chunk) => encoder.add(chunk)), ...encoder.end()];
  yield Buffer.concat(events.map((event) => writeNamedEvent(event.type, event)));
}
