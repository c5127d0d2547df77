import { z } from 'zod';

/** The shapes of Anthropic's Messages API, as the types of its own client have them, and the grammar of its streams. */

const tokens = z.int().nonnegative();
const usage = z.looseObject({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_creation_input_tokens: tokens.nullish(),
  cache_read_input_tokens: tokens.nullish(),
});
const caller = z.looseObject({ type: z.literal('direct') });
const citation = z.strictObject({
  type: z.literal('web_search_result_location'),
  url: z.string(),
  title: z.string().nullable(),
  cited_text: z.string(),
  encrypted_index: z.string(),
});
const searchResult = z.strictObject({
  type: z.literal('web_search_result'),
  url: z.string(),
  title: z.string(),
  encrypted_content: z.string(),
  page_age: z.string().nullable(),
});
const searchError = z.strictObject({
  type: z.literal('web_search_tool_result_error'),
  error_code: z.enum(['invalid_tool_input', 'unavailable', 'max_uses_exceeded', 'too_many_requests', 'query_too_long']),
});
const block = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string(), citations: z.array(citation).nullish() }),
  z.looseObject({
    type: z.literal('server_tool_use'),
    id: z.string().regex(/^srvtoolu_[a-zA-Z0-9_]+$/),
    name: z.literal('web_search'),
    input: z.record(z.string(), z.unknown()),
    caller,
  }),
  z.looseObject({
    type: z.literal('web_search_tool_result'),
    tool_use_id: z.string().startsWith('srvtoolu_'),
    content: z.union([z.array(searchResult), searchError]),
    caller,
  }),
  z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.looseObject({
    type: z.literal('tool_use'),
    id: z.string().min(1),
    name: z.string().min(1),
    input: z.record(z.string(), z.unknown()),
  }),
]);
const stopReason = z.enum(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal']);

const message = z.looseObject({
  id: z.string().min(1),
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string().min(1),
  content: z.array(block),
  stop_reason: stopReason,
  stop_sequence: z.string().nullable(),
  usage,
});

const errorBody = z.looseObject({
  type: z.literal('error'),
  error: z.looseObject({
    type: z.enum([
      'invalid_request_error',
      'authentication_error',
      'billing_error',
      'permission_error',
      'not_found_error',
      'request_too_large',
      'rate_limit_error',
      'timeout_error',
      'api_error',
      'overloaded_error',
    ]),
    message: z.string().min(1),
  }),
});

const page = z.looseObject({
  data: z.array(
    z.looseObject({ type: z.literal('model'), id: z.string(), display_name: z.string(), created_at: z.iso.datetime() }),
  ),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

/** Throws if a response has not the shape that Anthropic documents for its path. */
export function checkAnthropicShape(path: string, status: number, type: string, text: string): void {
  if (text === '') return;
  if (type.startsWith('text/event-stream')) checkMessagesStream(text);
  else if (status >= 400) errorBody.parse(JSON.parse(text));
  else if (path.endsWith('/messages')) message.parse(JSON.parse(text));
  else if (path.endsWith('/count_tokens')) z.looseObject({ input_tokens: tokens }).parse(JSON.parse(text));
  else if (path.endsWith('/models')) page.parse(JSON.parse(text));
}

/** The events of a stream, each of whose name repeats its type. */
export function messagesEvents(text: string): Event[] {
  const whole = text.split(/\r?\n\r?\n/).filter((event) => event.trim() !== '' && !event.startsWith(':'));
  return whole.map((event) => {
    const [, name, data] = /^event: (\S+)\r?\ndata: (.*)$/.exec(event) ?? [];
    const value = JSON.parse(data ?? '') as Event;
    if (value.type !== name) throw new Error(`the event ${name} is of type ${value.type}`);
    return value;
  });
}

const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
};

/** message_start, blocks one after the other, message_delta, message_stop; or an error at any place, and nothing behind. */
export function checkMessagesStream(text: string): void {
  const events = messagesEvents(text);
  let open: { readonly type: string; readonly index: number } | undefined;
  let next = 0;
  let before = '';
  const wrong = (event: Event, why: string): never => {
    throw new Error(`${why}: ${JSON.stringify(event)} behind ${before}`);
  };
  for (const [place, event] of events.entries()) {
    const { type, index } = event;
    const isLast = place === events.length - 1;
    if (type === 'ping') continue;
    if (type === 'error') {
      errorBody.parse(event);
      if (!isLast) wrong(event, 'something stands behind an error');
      return;
    }
    if ((type === 'message_start') !== (before === '')) wrong(event, 'message_start is the first event and only that');
    if (type === 'message_start')
      z.looseObject({ message: message.partial({ stop_reason: true }).extend({ stop_reason: z.null() }) }).parse(event);
    else if (type === 'content_block_start') {
      if (open !== undefined || index !== next++) wrong(event, 'a block begins out of turn');
      block.parse(event['content_block']);
      open = { type: (event['content_block'] as { type: string }).type, index: Number(index) };
    } else if (type === 'content_block_delta') {
      const delta = (event['delta'] as { type: string }).type;
      if (open === undefined || open.index !== index || !DELTAS[open.type]?.includes(delta))
        wrong(event, 'a stray delta');
      if (delta === 'citations_delta') citation.parse((event['delta'] as { citation: unknown }).citation);
    } else if (type === 'content_block_stop') {
      if (open?.index !== index) wrong(event, 'a stray stop');
      open = undefined;
    } else if (type === 'message_delta') {
      if (open !== undefined) wrong(event, 'a block is open');
      z.looseObject({
        delta: z.looseObject({ stop_reason: stopReason }),
        usage: z.looseObject({ output_tokens: tokens }),
      }).parse(event);
    } else if (type === 'message_stop') {
      if (before !== 'message_delta' || !isLast) wrong(event, 'message_stop out of turn');
      return;
    } else wrong(event, 'an unknown event');
    before = type;
  }
  throw new Error('the stream has no end');
}
