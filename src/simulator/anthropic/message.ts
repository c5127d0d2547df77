import type { Reply } from '../chat/reply.ts';
import { parseJson } from '../json.ts';

/** The four that were seen on this face (measured September 2026); another word of a script is sent as it is. */
const STOPS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
};

export function stopOf({ output }: Reply): string {
  return STOPS[output.finish] ?? output.finish;
}

export function messageId({ envelope }: Reply): string {
  return envelope.id.replace('chatcmpl-', 'msg_');
}

/** `input_tokens` leaves the cache out; nothing was ever counted as written to it (measured August 2026). */
export function usageOf({ usage }: Reply): Record<string, unknown> {
  return {
    input_tokens: usage.prompt_tokens - usage.cached_tokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cached_tokens,
    output_tokens: usage.completion_tokens,
    output_tokens_details: { thinking_tokens: usage.completion_tokens_details.reasoning_tokens },
  };
}

/** The whole answer. Arguments that are no JSON, as a script may have them, are sent as a string. */
export function messageOf(reply: Reply): Record<string, unknown> {
  const { draft, output, envelope } = reply;
  const textOf = (kind: 'reasoning' | 'content'): string =>
    output.segments
      .filter((segment) => segment.kind === kind)
      .map((segment) => segment.text)
      .join('');
  const [thinking, text] = [textOf('reasoning'), textOf('content')];
  const content = [
    ...(thinking === '' ? [] : [{ type: 'thinking', thinking }]),
    ...(text === '' ? [] : [{ type: 'text', text }]),
    ...output.calls.map(({ id, name, arguments: json }) => {
      const parsed = parseJson(json);
      return { type: 'tool_use', id, name, input: parsed.ok ? parsed.value : json };
    }),
  ];
  return {
    ...{ id: messageId(reply), type: 'message', role: 'assistant', model: envelope.model, content },
    ...{ stop_reason: stopOf(reply), stop_sequence: null },
    ...(draft.usagePlace === 'none' ? {} : { usage: usageOf(reply) }),
  };
}
