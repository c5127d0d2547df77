import {
  anthropicStatus,
  MessagesEncoder,
  type MessagesEvent,
  PING,
  readMessagesRequest,
  refuseThreads,
  toAnthropicError,
  toChatRequest,
  toMessagesAnswer,
  withoutCarried,
  withoutForeignChoice,
} from '../chat/anthropic/index.ts';
import type { ChatChunk, ChatCompletion } from '../chat/chat.ts';
import { orInvalidJson, parseBody } from '../chat/json-body.ts';
import { splitEvents } from '../stream/sse-reader.ts';
import { writeNamedEvent } from '../stream/sse-writer.ts';
import type { Protocol } from './protocol.ts';

/** Anthropic Messages (https://docs.claude.com/en/api/messages). */
export const anthropicMessages: Protocol = {
  decode(body) {
    orInvalidJson(() => refuseThreads(body));
    let inside: ReturnType<typeof translated> | undefined;
    return {
      body,
      inside: (changed) => {
        if (changed) return translated(changed);
        inside ??= translated(body);
        return inside;
      },
    };
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
  showsSearches: true,
};

function translated(body: Buffer): { body: Buffer; notes: readonly string[] } {
  const { request, notes } = toChatRequest(readMessagesRequest(parseBody(body)));
  const chosen = withoutForeignChoice(request);
  // Nothing of Anthropic's own leaves the gateway in the inside's shape.
  return { body: Buffer.from(JSON.stringify(withoutCarried(chosen.request))), notes: [...notes, ...chosen.notes] };
}

/** What count_tokens is asked about, in the inside's shape. It takes no cap. */
export function countedRequest(body: Buffer): Buffer {
  const asked: unknown = parseBody(body);
  const capped = typeof asked === 'object' && asked !== null ? { max_tokens: 1, ...asked } : asked;
  return Buffer.from(JSON.stringify(toChatRequest(readMessagesRequest(capped)).request));
}

function written(events: readonly MessagesEvent[]): Buffer {
  return Buffer.concat(events.map((event) => writeNamedEvent(event.type, event)));
}
