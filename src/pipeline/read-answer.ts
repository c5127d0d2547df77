import type { ChatChunk, ChatCompletion, Usage } from '../chat/chat.ts';
import { Fold, unfold } from '../chat/fold.ts';
import { JsonSyntaxError } from '../chat/json-syntax-error.ts';
import { AnswerRepairs } from '../dialect/repair-answer.ts';
import type { AnswerRepair } from '../dialect/rule.ts';
import { GatewayError } from '../errors.ts';
import { collect } from '../stream/byte-source.ts';
import { splitEvents } from '../stream/sse-reader.ts';
import { writeEvent } from '../stream/sse-writer.ts';
import type { ChatReply } from '../upstreams/adapter.ts';
import { explainInStream, type Shown } from '../upstreams/explain-refusal.ts';
import type { Outcome } from './call.ts';
import { readChatStream, type StreamReading } from './read-chat-stream.ts';
import { repairWhole, type WholeAnswer, wholeAnswer } from './whole-answer.ts';

/** The body of an answer in the form that the client asked for. */
export type AnswerBody = { readonly whole: Buffer } | { readonly events: AsyncIterable<Buffer> };

export interface AnswerReading {
  /** The client asked for a stream. */
  readonly stream: boolean;
  readonly surface: string;
  /** What the surface was shown; it is cut out of its error messages. */
  readonly shown: Shown;
  readonly outcome: Outcome;
  /** The largest event and the largest whole answer, bytes. */
  readonly eventLimit: number;
  readonly answerLimit: number;
  /** Called once when the answer is over, with the error if it did not end properly. */
  ended(error: GatewayError | undefined): void;
}

/**
 * Reads an answer so far that its failure can still be met with another attempt: all of a whole one, the first event of
 * a stream. A surface may answer in the other form than was asked; the client gets the form that it asked for.
 */
export function readAnswer(
  reply: ChatReply,
  reading: AnswerReading,
  answerRepairs: readonly AnswerRepair[],
): Promise<AnswerBody> {
  const repairs = new AnswerRepairs(answerRepairs);
  return reply.stream ? readStream(reply, reading, repairs) : readBody(reply, reading, repairs);
}

async function readStream(reply: ChatReply, reading: AnswerReading, repairs: AnswerRepairs): Promise<AnswerBody> {
  if (!reading.stream) return { whole: await foldStream(reply, reading, repairs) };
  return { events: await begun(readChatStream(reply.body, streamReading(reading, repairs))) };
}

async function readBody(reply: ChatReply, reading: AnswerReading, repairs: AnswerRepairs): Promise<AnswerBody> {
  const body = await collect(reply.body, reading.answerLimit, tooLong);
  return orGarbled(reading.surface, () => {
    const whole = wholeAnswer(body);
    noteWhole(whole, reading);
    const answer = reading.stream
      ? { events: unfolded(whole.completion, repairs) }
      : { whole: repairWhole(body, whole, repairs) };
    reading.ended(undefined);
    return answer;
  });
}

const tooLong = () => new GatewayError('upstream_too_long');

/** The inside of a member is parsed when somebody asks for it, so that a mistake there may be found at any step. */
function orGarbled<T>(surface: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    throw new GatewayError('upstream_garbled', {
      message: 'The surface sent an answer that is not JSON.',
      surface,
      cause,
    });
  }
}

function streamReading(reading: AnswerReading, repairs: AnswerRepairs): StreamReading {
  const { surface, shown, outcome, eventLimit } = reading;
  return {
    repairs,
    eventLimit,
    ended: (error) => reading.ended(error),
    explain: (error) => explainInStream(surface, error, shown),
    observe: (chunk) => outcome.observe(chunk),
  };
}

/** Waits for the first event, so that a stream which begins with an error is an error and no stream. */
export async function begun(events: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> {
  let first: IteratorResult<Buffer> | undefined = await events.next();
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        if (first === undefined) return events.next();
        const step = Promise.resolve(first);
        first = undefined;
        return step;
      },
      return: () => events.return(undefined),
    }),
  };
}

async function foldStream(reply: ChatReply, reading: AnswerReading, repairs: AnswerRepairs): Promise<Buffer> {
  const fold = new Fold();
  const raw = streamReading(reading, new AnswerRepairs([]));
  let size = 0;
  for await (const run of readChatStream(reply.body, raw)) {
    size += run.length;
    if (size > reading.answerLimit) throw new GatewayError('upstream_too_long');
    for (const { data } of splitEvents(run)) if (data !== undefined) fold.add(readChunk(data, reading.surface));
  }
  return Buffer.from(JSON.stringify(repairs.completion(fold.completion())));
}

/** What needed no repair has not been parsed before. */
function readChunk(data: string, surface: string): ChatChunk {
  try {
    return JSON.parse(data) as ChatChunk;
  } catch (cause) {
    throw new GatewayError('upstream_garbled', {
      message: 'The surface sent an event that is not a JSON object.',
      surface,
      cause,
    });
  }
}

async function* unfolded(completion: ChatCompletion, repairs: AnswerRepairs): AsyncGenerator<Buffer> {
  const chunks = unfold(completion).map((chunk) => repairs.chunk(chunk));
  yield Buffer.concat([...chunks.filter((chunk) => chunk !== undefined), ...repairs.end()].map(writeEvent));
}

function noteWhole(answer: WholeAnswer, { outcome, surface, shown }: AnswerReading): void {
  const usage = answer.get('usage');
  if (typeof usage === 'object' && usage !== null) outcome.usage = usage as Usage;
  const error = answer.get('error');
  if (error !== undefined && error !== null) throw explainInStream(surface, error, shown);
}
