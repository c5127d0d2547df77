import { z } from 'zod';
import { checkGrammar, inputItemsSchema, responseSchema, responsesEvents } from './responses-schema.ts';

/**
 * The shapes that OpenAI publishes, as the types of its own client have them: required members are required here, null
 * is allowed where the types allow it, and further members may stand beside them.
 */

const tokens = z.int().nonnegative();

const usage = z.looseObject({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  total_tokens: tokens,
  prompt_tokens_details: z
    .looseObject({ cached_tokens: tokens.optional(), audio_tokens: tokens.optional() })
    .optional(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: tokens.optional() }).optional(),
});

const finishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']);

const functionCall = z.looseObject({ name: z.string(), arguments: z.string() });

const toolCall = z.discriminatedUnion('type', [
  z.looseObject({ id: z.string().min(1), type: z.literal('function'), function: functionCall }),
  z.strictObject({
    id: z.string().min(1),
    type: z.literal('custom'),
    custom: z.strictObject({ name: z.string().min(1), input: z.string() }),
  }),
]);

const annotation = z.strictObject({
  type: z.literal('url_citation'),
  url_citation: z.strictObject({ url: z.string(), title: z.string(), start_index: tokens, end_index: tokens }),
});

export const completionSchema = z.looseObject({
  id: z.string().min(1),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  system_fingerprint: z.string().optional(),
  choices: z
    .array(
      z.looseObject({
        index: z.int(),
        finish_reason: finishReason,
        message: z.looseObject({
          role: z.literal('assistant'),
          content: z.string().nullable(),
          tool_calls: z.array(toolCall).min(1).optional(),
          function_call: functionCall.nullish(),
          annotations: z.array(annotation).optional(),
          searched: z.never().optional(),
        }),
      }),
    )
    .min(1),
  usage,
});

export const chunkSchema = z.looseObject({
  id: z.string().min(1),
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: z.string(),
  system_fingerprint: z.string().optional(),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      finish_reason: finishReason.nullable(),
      delta: z.looseObject({
        role: z.literal('assistant').optional(),
        content: z.string().nullish(),
        tool_calls: z
          .array(
            z.looseObject({
              index: z.int(),
              id: z.string().optional(),
              type: z.enum(['function', 'custom']).optional(),
              function: functionCall.partial().optional(),
              custom: z.strictObject({ name: z.string().optional(), input: z.string().optional() }).optional(),
            }),
          )
          .optional(),
        function_call: functionCall.partial().optional(),
        annotations: z.array(annotation).optional(),
        searched: z.never().optional(),
      }),
    }),
  ),
  usage: usage.nullish(),
});

/** Legacy text completions, streamed and whole alike. */
const textCompletionSchema = z.looseObject({
  id: z.string().min(1),
  object: z.literal('text_completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      text: z.string(),
      logprobs: z.null(),
      finish_reason: z.enum(['stop', 'length', 'content_filter']).nullable(),
    }),
  ),
  usage: usage.optional(),
});

const model = z.looseObject({
  id: z.string().min(1),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
});

const file = z.looseObject({
  id: z.string().min(1),
  object: z.literal('file'),
  bytes: tokens,
  created_at: z.int(),
  filename: z.string(),
  purpose: z.string(),
  status: z.enum(['uploaded', 'processed', 'error']),
});

const batch = z.looseObject({
  id: z.string().min(1),
  object: z.literal('batch'),
  endpoint: z.string(),
  input_file_id: z.string(),
  completion_window: z.string(),
  created_at: z.int(),
  status: z.enum([
    ...['validating', 'failed', 'in_progress', 'finalizing', 'completed', 'expired', 'cancelling', 'cancelled'],
  ] as [string, ...string[]]),
});

const deleted = z.looseObject({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) });

const listOf = (item: z.ZodType) =>
  z.looseObject({ object: z.literal('list'), data: z.array(item), has_more: z.boolean() });

export const modelSchema = model;

export const modelListSchema = z.looseObject({ object: z.literal('list'), data: z.array(model).min(1) });

export const errorSchema = z.looseObject({
  error: z.looseObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

/** The data of a stream's events, in order; comments are left out. */
export function dataOf(text: string): string[] {
  return text
    .split(/\r?\n\r?\n/)
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length));
}

/** Throws if a response of the gateway has not the shape that OpenAI documents for its path. */
export function checkShape(path: string, status: number, type: string, text: string): void {
  if (text === '' || type.startsWith('text/markdown')) return;
  if (type.startsWith('text/event-stream') && path.includes('/responses')) checkGrammar(responsesEvents(text));
  else if (type.startsWith('text/event-stream')) checkStream(path, text);
  else if (status >= 400 || !path.endsWith('/content')) checkBody(path, status, JSON.parse(text));
}

function checkBody(path: string, status: number, value: unknown): void {
  if (status >= 400) errorSchema.parse(value);
  else if (path.includes('/chat/completions') || path.endsWith('/regenerate')) completionSchema.parse(value);
  else if (path.endsWith('/input_items') || /\/conversations\/[^/]+\/items$/.test(path)) inputItemsSchema.parse(value);
  else if (path.endsWith('/input_tokens')) z.looseObject({ object: z.literal('response.input_tokens') }).parse(value);
  else if (path.includes('/responses')) checkResponse(value);
  else if (path.endsWith('/completions')) textCompletionSchema.parse(value);
  else if (path.includes('/conversations')) checkConversation(value);
  else if (path.endsWith('/models')) modelListSchema.parse(value);
  else if (path.includes('/models/')) modelSchema.parse(value);
  else if (path.endsWith('/files')) z.union([listOf(file), file]).parse(value);
  else if (path.includes('/files/')) z.union([file, deleted]).parse(value);
  else if (path.endsWith('/batches')) z.union([listOf(batch), batch]).parse(value);
  else if (path.includes('/batches/')) batch.parse(value);
}

function checkResponse(value: unknown): void {
  const deleted = z.looseObject({ deleted: z.literal(true), id: z.string(), object: z.literal('response') });
  z.union([deleted, responseSchema]).parse(value);
}

/** OpenAI's conversations have these members; ours have more. */
const conversation = z.looseObject({
  id: z.string().min(1),
  object: z.literal('conversation'),
  created_at: z.int(),
  metadata: z.looseObject({}),
});

function checkConversation(value: unknown): void {
  z.discriminatedUnion('object', [
    conversation,
    z.looseObject({ object: z.literal('conversation.deleted'), id: z.string(), deleted: z.literal(true) }),
    z.looseObject({ object: z.literal('conversation.message'), id: z.string(), role: z.string() }),
    z.looseObject({ object: z.literal('list'), data: z.array(conversation), has_more: z.boolean() }),
    z.looseObject({ object: z.literal('list.deleted'), deleted: z.literal(true) }),
  ]).parse(value);
}

function checkStream(path: string, text: string): void {
  const shape = path.endsWith('/completions') && !path.includes('/chat/') ? textCompletionSchema : chunkSchema;
  const data = dataOf(text);
  for (const [index, item] of data.entries()) {
    const isLast = index === data.length - 1;
    if (item === '[DONE]') {
      if (!isLast) throw new Error('something stands behind [DONE]');
      continue;
    }
    const value = JSON.parse(item) as Record<string, unknown>;
    if ('error' in value) errorSchema.parse(value);
    else shape.parse(value);
    if ('error' in value && !isLast) throw new Error('something stands behind an error');
  }
}
