import type { GatewayError } from '../../errors.ts';
import type { ReplyBody } from '../adapter.ts';
import type { AnswerChunks } from './answer-chunks.ts';
import type { ChatTrace, OpenAnswer } from './web-protocol.ts';

/** OpenAI's event stream of an answer. `left` is called once: was the answer read to its end? */
export async function* readWebAnswer(
  { reply, reader }: OpenAnswer,
  chunks: AnswerChunks,
  trace: ChatTrace,
  left: (isWhole: boolean) => void,
): AsyncGenerator<Buffer> {
  let isWhole = false;
  try {
    for await (const piece of reply.body) {
      const events = reader.push(piece);
      trace.observe(events);
      const { bytes, failure } = chunks.add(events);
      isWhole = chunks.ended;
      // Behind the end come a few bytes that nobody needs; the connection can be used again after them.
      if (isWhole) reply.body.release();
      if (bytes.length > 0) yield bytes;
      if (failure) throw failure;
      if (isWhole) return;
    }
    yield* last(reader.end(), chunks);
    isWhole = chunks.ended;
  } finally {
    await reply.body.return();
    left(isWhole);
  }
}

function* last(events: ReturnType<OpenAnswer['reader']['end']>, chunks: AnswerChunks): Generator<Buffer> {
  const { bytes, failure }: { bytes: Buffer; failure: GatewayError | undefined } = chunks.add(events);
  if (bytes.length > 0) yield bytes;
  if (failure) throw failure;
}

/** Waits for the first bytes, so that whatever comes instead of an answer is thrown before there is one. */
export async function begunBody(events: AsyncGenerator<Buffer>): Promise<ReplyBody> {
  let first: IteratorResult<Buffer> | undefined = await events.next();
  const next = (): Promise<IteratorResult<Buffer>> => {
    const step = first;
    first = undefined;
    return step === undefined ? events.next() : Promise.resolve(step);
  };
  return {
    [Symbol.asyncIterator]: () => ({ next, return: () => events.return(undefined) }),
    // The reader of the surface's bytes releases them itself, at their end.
    release: () => {},
  };
}
