import type { ChatChunk, ChatCompletion } from '../chat/chat.ts';
import {
  type ResponseFrame,
  type ResponseObject,
  ResponsesEncoder,
  type ResponsesEvent,
  toResponse,
} from '../chat/responses/index.ts';
import type { GatewayError } from '../errors.ts';
import { splitEvents } from '../stream/sse-reader.ts';
import { KEEP_ALIVE_COMMENT, writeNamedEvent } from '../stream/sse-writer.ts';
import type { AnswerEncoder } from './protocol.ts';

/**
 * An answer in OpenAI's Responses protocol. It needs its request: the names of the tools, the members that a response
 * repeats, and whether it is to be kept.
 */
export class ResponsesAnswer implements AnswerEncoder {
  readonly keepAlive = KEEP_ALIVE_COMMENT;
  readonly #frame: ResponseFrame;
  readonly #encoder: ResponsesEncoder;
  readonly #keep: (response: ResponseObject) => Promise<void>;
  #whole: ResponseObject | undefined;

  /** `keep`: called with the response before a client can know that it has ended. Must not throw. */
  constructor(frame: ResponseFrame, keep: (response: ResponseObject) => Promise<void>) {
    this.#frame = frame;
    this.#encoder = new ResponsesEncoder(frame);
    this.#keep = keep;
  }

  whole(completion: Buffer): Buffer {
    this.#whole = toResponse(JSON.parse(completion.toString()) as ChatCompletion, this.#frame);
    return Buffer.from(JSON.stringify(this.#whole));
  }

  /** Keeps the response that was given as a whole. */
  async keepWhole(): Promise<void> {
    if (this.#whole) await this.#keep(this.#whole);
  }

  async *stream(events: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const run of events) {
      const out = chunksIn(run).flatMap((chunk) => this.#encoder.add(chunk));
      if (out.length > 0) yield written(out);
    }
    const end = this.#encoder.end();
    await this.#keep(this.#encoder.response);
    yield written(end);
  }

  errorEvent(error: GatewayError): Buffer {
    return written(this.#encoder.fail(error));
  }
}

/** The chunks in a run of whole events. */
export function chunksIn(run: Buffer): ChatChunk[] {
  return splitEvents(run).flatMap(({ data }) => (data === undefined ? [] : [JSON.parse(data) as ChatChunk]));
}

function written(events: readonly ResponsesEvent[]): Buffer {
  return Buffer.concat(events.map((event) => writeNamedEvent(event.type, event)));
}
