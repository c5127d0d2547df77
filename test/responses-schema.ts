import { z } from 'zod';

/** OpenAI's Responses as the types of its own client have them (openai 7.57); further members may stand beside them. */

const tokens = z.int().nonnegative();
const status = z.enum(['in_progress', 'completed', 'incomplete']);
const outputText = z.looseObject({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(z.lazy(() => urlCitation)),
});
const reasoningText = z.looseObject({ type: z.literal('reasoning_text'), text: z.string() });
const summaryText = z.looseObject({ type: z.literal('summary_text'), text: z.string() });
const id = z.string().min(1);
const urlCitation = z.strictObject({
  type: z.literal('url_citation'),
  url: z.string(),
  title: z.string(),
  start_index: tokens,
  end_index: tokens,
});

const call = { id, call_id: id, status };
const outputItem = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('message'), id, status, role: z.literal('assistant'), content: z.array(outputText) }),
  z.looseObject({
    type: z.literal('reasoning'),
    id,
    summary: z.array(summaryText),
    content: z.array(reasoningText).optional(),
    encrypted_content: z.string().nullish(),
    status: status.optional(),
  }),
  z.looseObject({ type: z.literal('function_call'), ...call, name: id, arguments: z.string() }),
  z.looseObject({ type: z.literal('custom_tool_call'), ...call, name: id, input: z.string() }),
  z.looseObject({
    type: z.literal('local_shell_call'),
    ...call,
    action: z.looseObject({
      type: z.literal('exec'),
      command: z.array(z.string()),
      env: z.record(z.string(), z.string()),
    }),
  }),
  z.looseObject({ type: z.literal('shell_call'), ...call, action: z.looseObject({ commands: z.array(z.string()) }) }),
  z.looseObject({
    type: z.literal('apply_patch_call'),
    ...call,
    operation: z.discriminatedUnion('type', [
      z.looseObject({ type: z.enum(['create_file', 'update_file']), path: z.string(), diff: z.string() }),
      z.looseObject({ type: z.literal('delete_file'), path: z.string() }),
    ]),
  }),
  z.looseObject({
    type: z.literal('web_search_call'),
    id,
    status: z.enum(['in_progress', 'searching', 'completed', 'failed', 'incomplete']),
    action: z.discriminatedUnion('type', [
      z.looseObject({
        type: z.literal('search'),
        query: z.string().optional(),
        queries: z.array(z.string()).optional(),
        sources: z.array(z.object({ type: z.literal('url'), url: z.url() })).optional(),
      }),
      z.looseObject({ type: z.literal('open_page'), url: z.string().nullish() }),
    ]),
  }),
  z.looseObject({
    type: z.literal('tool_search_call'),
    ...call,
    execution: z.literal('client'),
    arguments: z.unknown(),
  }),
]);

export const responseSchema = z.looseObject({
  id: z.string().startsWith('resp_'),
  object: z.literal('response'),
  access_programs: z.null(),
  created_at: z.int(),
  completed_at: z.int().nullable(),
  status: z.enum(['completed', 'failed', 'in_progress', 'cancelled', 'queued', 'incomplete']),
  background: z.boolean(),
  conversation: z.looseObject({ id }).nullable(),
  error: z.looseObject({ code: z.string().min(1), message: z.string().min(1) }).nullable(),
  incomplete_details: z.looseObject({ reason: z.enum(['max_output_tokens', 'content_filter']) }).nullable(),
  instructions: z.union([z.string(), z.array(z.unknown())]).nullable(),
  max_output_tokens: z.number().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  model: z.string().min(1),
  output: z.array(outputItem),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.string().nullable(),
  reasoning: z.looseObject({ effort: z.string().nullable(), summary: z.string().nullable() }),
  store: z.boolean(),
  temperature: z.number().nullable(),
  text: z.looseObject({ format: z.looseObject({ type: z.enum(['text', 'json_schema', 'json_object']) }) }),
  tool_choice: z.union([z.string(), z.looseObject({ type: z.string() })]),
  tools: z.array(z.looseObject({ type: z.string() })),
  top_p: z.number().nullable(),
  truncation: z.enum(['auto', 'disabled']),
  usage: z
    .looseObject({
      input_tokens: tokens,
      input_tokens_details: z.looseObject({ cached_tokens: tokens, cache_write_tokens: tokens }),
      output_tokens: tokens,
      output_tokens_details: z.looseObject({ reasoning_tokens: tokens }),
      total_tokens: tokens,
    })
    .nullable(),
});

export const inputItemsSchema = z.looseObject({
  object: z.literal('list'),
  data: z.array(z.looseObject({ id, type: z.string() })),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});

const at = { item_id: id, output_index: tokens };
const inContent = { ...at, content_index: tokens };
const inSummary = { ...at, summary_index: tokens };
const carrying = z.looseObject({ response: responseSchema });
const withItem = z.looseObject({ output_index: tokens, item: outputItem });
const part = z.looseObject({ ...inContent, part: z.discriminatedUnion('type', [outputText, reasoningText]) });
const summaryPart = z.looseObject({ ...inSummary, part: summaryText });

const EVENTS: Readonly<Record<string, z.ZodType>> = {
  'response.created': carrying,
  'response.queued': carrying,
  'response.in_progress': carrying,
  'response.completed': carrying,
  'response.incomplete': carrying,
  'response.failed': carrying,
  'response.output_item.added': withItem,
  'response.output_item.done': withItem,
  'response.content_part.added': part,
  'response.content_part.done': part,
  'response.output_text.delta': z.looseObject({ ...inContent, delta: z.string().min(1), logprobs: z.array(z.never()) }),
  'response.output_text.done': z.looseObject({ ...inContent, text: z.string(), logprobs: z.array(z.never()) }),
  'response.reasoning_text.delta': z.looseObject({ ...inContent, delta: z.string().min(1) }),
  'response.reasoning_text.done': z.looseObject({ ...inContent, text: z.string() }),
  'response.reasoning_summary_part.added': summaryPart,
  'response.reasoning_summary_part.done': summaryPart,
  'response.reasoning_summary_text.delta': z.looseObject({ ...inSummary, delta: z.string().min(1) }),
  'response.reasoning_summary_text.done': z.looseObject({ ...inSummary, text: z.string() }),
  'response.function_call_arguments.delta': z.looseObject({ ...at, delta: z.string().min(1) }),
  'response.function_call_arguments.done': z.looseObject({ ...at, arguments: z.string() }),
  'response.custom_tool_call_input.delta': z.looseObject({ ...at, delta: z.string().min(1) }),
  'response.custom_tool_call_input.done': z.looseObject({ ...at, input: z.string() }),
  'response.output_text.annotation.added': z.looseObject({
    ...inContent,
    annotation_index: tokens,
    annotation: urlCitation,
  }),
  'response.web_search_call.in_progress': z.looseObject(at),
  'response.web_search_call.searching': z.looseObject(at),
  'response.web_search_call.completed': z.looseObject(at),
  error: z.looseObject({ code: z.string().nullable(), message: z.string(), param: z.string().nullable() }),
};

export type WireEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** The events of a stream of Responses, checked one by one. */
export function responsesEvents(text: string): WireEvent[] {
  const events: WireEvent[] = [];
  for (const block of text.split('\n\n')) {
    if (block === '' || block.startsWith(':')) continue;
    const [, name, data] = /^event: (\S+)\ndata: ([^\n]*)$/.exec(block) ?? [];
    if (data === undefined) throw new Error(`no event of Responses: ${block}`);
    const event = JSON.parse(data) as WireEvent;
    if (event.type !== name) throw new Error(`${name} says that it is ${event.type}`);
    const schema = EVENTS[event.type];
    if (schema === undefined) throw new Error(`${event.type} is no event of Responses`);
    schema.parse(event);
    events.push(event);
  }
  return events;
}

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error']);

/** Throws if the events are not one response from its beginning to its end, or to where a cancelled one stops. */
export function checkGrammar(events: readonly WireEvent[]): void {
  const first = events[0]?.['sequence_number'];
  const open = new Map<unknown, string>();
  for (const [index, event] of events.entries()) {
    if (event['sequence_number'] !== Number(first) + index) throw new Error(`event ${index} is out of sequence`);
    if (ENDS.has(event.type) !== (index === events.length - 1))
      throw new Error(`${event.type} stands in the wrong place`);
    const place = event['output_index'];
    if (event.type === 'response.output_item.added') {
      if (first === 0 && place !== open.size) throw new Error(`item ${String(place)} is out of order`);
      open.set(place, 'open');
    } else if (place !== undefined) {
      // A stream that is taken up again begins with items that were begun before.
      if (first === 0 && open.get(place) !== 'open') throw new Error(`${event.type} for an item that is not open`);
      if (event.type === 'response.output_item.done') open.set(place, 'done');
    }
  }
  const end = events.at(-1)?.type;
  const isWhole = end === 'response.completed' || end === 'response.incomplete';
  if (isWhole && [...open.values()].includes('open')) throw new Error('an item was not ended');
}
