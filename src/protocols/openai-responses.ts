import type { ChatChunk, ChatCompletion } from '../chat/chat.ts';
import {
  type ResponseFrame,
  type ResponseObject,
  ResponsesEncoder,
  type ResponsesEvent,
  toResponse,
} from '../chat/responses/index.ts';
import { type GatewayError, toErrorBody } from '../errors.ts';
import { splitEvents } from '../stream/sse-reader.ts';
import { KEEP_ALIVE_COMMENT, writeNamedEvent } from '../stream/sse-writer.ts';
import type { Decoded, Protocol } from './protocol.ts';

export interface ResponsesCall {
  readonly frame: ResponseFrame;
  /** The request, which may refer to earlier ones, so that it takes more than its body to read it. */
  readonly decoded: Decoded;
  /** Called with the response before a client can know that it has ended. Must not throw. */
  keep(response: ResponseObject): Promise<void>;
}

/**
 * OpenAI's Responses for one request: its answer has the names of its tools, repeats its members, and is kept if it asks
 * for that.
 */
export class ResponsesAnswer implements Protocol {
  readonly keepAlive = KEEP_ALIVE_COMMENT;
  readonly showsSearches = true;
  readonly errorBody = toErrorBody;
  readonly #call: ResponsesCall;
  readonly #encoder: ResponsesEncoder;
  #whole: ResponseObject | undefined;

  constructor(call: ResponsesCall) {
    this.#call = call;
    this.#encoder = new ResponsesEncoder(call.frame);
  }

  decode(): Decoded {
    return this.#call.decoded;
  }

  status(error: GatewayError): number {
    return error.status;
  }

  whole(completion: Buffer): Buffer {
    this.#whole = toResponse(JSON.parse(completion.toString()) as ChatCompletion, this.#call.frame);
    return Buffer.from(JSON.stringify(this.#whole));
  }

  /** Keeps the response that was given as a whole. */
  async keepWhole(): Promise<void> {
    if (this.#whole) await this.#call.keep(this.#whole);
  }

  async *stream(events: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const run of events) {
      const out = chunksIn(run).flatMap((chunk) => this.#encoder.add(chunk));
      if (out.length > 0) yield written(out);
    }
    const end = this.#encoder.end();
    await this.#call.keep(this.#encoder.response);
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
