import type { Reply } from '../chat/reply.ts';

/** A response as far as it has come. */
export function responseOf(reply: Reply, status: string, output: readonly unknown[], usage?: unknown) {
  const { envelope } = reply;
  const incomplete = status === 'incomplete' ? { reason: 'max_output_tokens' } : null;
  return {
    ...{ id: responseId(reply), object: 'response', created_at: envelope.created, status, model: envelope.model },
    // Nothing is kept here (HALRO: `store: false` is what it says).
    ...{ incomplete_details: incomplete, error: null, output, store: false, usage: usage ?? null },
  };
}

/** `input_tokens` includes what was cached (HALRO), unlike on the Anthropic face. */
export function usageOf({ usage }: Reply): Readonly<Record<string, unknown>> {
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: { cached_tokens: usage.cached_tokens, cache_write_tokens: 0 },
    output_tokens: usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: usage.completion_tokens_details.reasoning_tokens },
    total_tokens: usage.total_tokens,
  };
}

export const statusOf = ({ output }: Reply): string => (output.finish === 'length' ? 'incomplete' : 'completed');

export const responseId = ({ envelope }: Reply): string => envelope.id.replace('chatcmpl-', 'resp_');

export const itemId = ({ envelope }: Reply, kind: string, index: number): string =>
  envelope.id.replace('chatcmpl-', `${kind}_${index}_`);

/** The items of the whole answer: what was thought, what was said, the calls. */
export function itemsOf(reply: Reply): readonly unknown[] {
  const { segments, calls } = reply.output;
  const textOf = (kind: 'reasoning' | 'content') =>
    segments.flatMap((segment) => (segment.kind === kind ? [segment.text] : [])).join('');
  const [thought, text] = [textOf('reasoning'), textOf('content')];
  const items = [
    ...(thought === '' ? [] : [reasoningItem(thought)]),
    ...(text === '' ? [] : [messageItem(text)]),
    ...calls.map(({ id, name, arguments: json }) => callItem(id, name, json)),
  ];
  return items.map((item, index) => ({ id: itemId(reply, prefixOf(item.type), index), ...item }));
}

export const reasoningItem = (text: string) => ({
  type: 'reasoning' as const,
  summary: [],
  content: [{ type: 'reasoning_text', text }],
});

export const messageItem = (text: string) => ({
  type: 'message' as const,
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});

export const callItem = (id: string, name: string, json: string) => ({
  type: 'function_call' as const,
  call_id: id,
  name,
  arguments: json,
  status: 'completed',
});

export function prefixOf(type: 'reasoning' | 'message' | 'function_call'): string {
  return { reasoning: 'rs', message: 'msg', function_call: 'fc' }[type];
}
