import {
  anthropicStatus,
  MessagesEncoder,
  type MessagesEvent,
  PING,
  readMessagesRequest,
  toAnthropicError,
  toChatRequest,
  toMessagesAnswer,
} from '../chat/anthropic/index.ts';
import type { ChatChunk, ChatCompletion } from '../chat/chat.ts';
import { GatewayError } from '../errors.ts';
import { splitEvents } from '../stream/sse-reader.ts';
import { writeNamedEvent } from '../stream/sse-writer.ts';
import type { Protocol } from './protocol.ts';

/** Anthropic Messages (https://docs.claude.com/en/api/messages). */
export const anthropicMessages: Protocol = {
  decode(body) {
    const { request } = toChatRequest(readMessagesRequest(parse(body)));
    // A stream's usage belongs to its last events here, whether or not the client says so.
    const asked = request.stream ? { ...request, stream_options: { include_usage: true } } : request;
    return { body: Buffer.from(JSON.stringify(asked)), carried: true };
  },
  whole(completion) {
    const { answer } = toMessagesAnswer(JSON.parse(completion.toString()) as ChatCompletion);
    return Buffer.from(JSON.stringify(answer));
  },
  async *stream(events) {
    const encoder = new MessagesEncoder();
    for await (const run of events) {
      const chunks = splitEvents(run).flatMap(({ data }) =>
        data === undefined ? [] : [JSON.parse(data) as ChatChunk],
      );
      const out = chunks.flatMap((chunk) => encoder.add(chunk));
      if (out.length > 0) yield written(out);
    }
    yield written(encoder.end());
  },
  errorEvent: (error) => written([toAnthropicError(error)]),
  errorBody: (error) => toAnthropicError(error),
  status: (error) => anthropicStatus(error),
  keepAlive: written([PING]),
};

function written(events: readonly MessagesEvent[]): Buffer {
  return Buffer.concat(events.map((event) => writeNamedEvent(event.type, event)));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'malformed';
    throw new GatewayError('invalid_json', { message: `The request body is not valid JSON: ${why}.` });
  }
}
