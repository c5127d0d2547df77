import type { ChatChunk, ChatCompletion } from '../chat/chat.ts';
import { Fold } from '../chat/fold.ts';
import { splitEvents } from '../stream/sse-reader.ts';

export interface Recording {
  /** The answer is whole. What it throws is told to the client in place of the end. */
  whole(completion: ChatCompletion): Promise<void>;
  /** The answer was cut, or its client has left; undefined: nothing was delivered. Must not throw. */
  cut(delivered: ChatCompletion | undefined): Promise<void>;
  /** Called once, last of all. Must not throw. */
  ended(): Promise<void>;
}

/**
 * The same events, while what they say is put together. The one that closes the answer, and everything behind it, waits
 * until the answer is written down: what a client knows to be whole cannot be lost any more.
 */
export async function* recordAnswer(events: AsyncIterable<Buffer>, recording: Recording): AsyncGenerator<Buffer> {
  const fold = new Fold();
  const held: Buffer[] = [];
  let isDelivered = false;
  let isOver = false;
  try {
    for await (const run of events) {
      const chunks = chunksOf(run);
      if (held.length > 0 || chunks.some(closes)) {
        held.push(run);
        continue;
      }
      for (const chunk of chunks) fold.add(chunk);
      isDelivered ||= chunks.some(says);
      yield run;
    }
    for (const chunk of chunksOf(Buffer.concat(held))) fold.add(chunk);
    isOver = true;
    await recording.whole(fold.completion());
    if (held.length > 0) yield Buffer.concat(held);
  } finally {
    if (!isOver) await recording.cut(isDelivered ? fold.completion() : undefined);
    await recording.ended();
  }
}

function chunksOf(run: Buffer): ChatChunk[] {
  return splitEvents(run).flatMap(({ data }) => (data === undefined ? [] : [JSON.parse(data) as ChatChunk]));
}

const closes = ({ choices }: ChatChunk): boolean => choices?.some((choice) => choice.finish_reason) === true;

const says = ({ choices }: ChatChunk): boolean =>
  choices?.some(({ delta }) => delta?.content || delta?.reasoning_content || delta?.tool_calls) === true;
