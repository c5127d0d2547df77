import type { ChatMessage } from '../chat.ts';
import { isObject, type JsonObject, textOr } from '../json-object.ts';
import { toCallId } from './call-id.ts';
import type { Item } from './responses.ts';

/** A message that is remembered, with the id under which its owner knows it. */
interface RememberedMessage {
  readonly id: string;
  readonly message: ChatMessage;
}

/** Messages of a chat as the items that a history of Responses has. Every call is a function's: what else it was is not remembered. */
export function toItems(messages: readonly RememberedMessage[]): Item[] {
  return messages.flatMap(({ id, message }): Item[] => {
    if (message.role === 'assistant') return assistantItems(id, message);
    if (message.role !== 'tool') return [messageItem(id, message, partsOf(message.content, 'input_text'))];
    const call_id = toCallId(message.tool_call_id ?? '');
    return [{ id: `fco_${id}`, type: 'function_call_output', status: 'completed', call_id, output: outputOf(message) }];
  });
}

function assistantItems(id: string, message: ChatMessage): Item[] {
  const { reasoning_content: thought, tool_calls: calls } = message;
  const said = partsOf(message.content, 'output_text');
  const isThought = typeof thought === 'string' && thought !== '';
  return [
    ...(isThought
      ? [{ id: `rs_${id}`, type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: thought }] }]
      : []),
    ...(said.length > 0 ? [messageItem(id, message, said)] : []),
    ...(calls ?? []).map((call, index) => ({
      ...{ id: `fc_${id}_${index}`, type: 'function_call', status: 'completed', call_id: toCallId(call.id ?? '') },
      ...{ name: call.function?.name ?? '', arguments: call.function?.arguments ?? '' },
    })),
  ];
}

function messageItem(id: string, { role }: ChatMessage, content: readonly JsonObject[]): Item {
  return { id, type: 'message', status: 'completed', role: role ?? 'user', content };
}

function partsOf(content: unknown, type: 'input_text' | 'output_text'): JsonObject[] {
  const text = (value: string): JsonObject => ({
    ...{ type, text: value },
    ...(type === 'output_text' ? { annotations: [], logprobs: [] } : {}),
  });
  if (typeof content === 'string') return content === '' ? [] : [text(content)];
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).map((part) => {
    const url = isObject(part['image_url']) ? part['image_url']['url'] : undefined;
    if (typeof url === 'string') return { type: 'input_image', image_url: url, file_id: null, detail: 'auto' };
    return typeof part['text'] === 'string' ? text(part['text']) : { ...part, type: textOr(part['type'], type) };
  });
}

function outputOf({ content }: ChatMessage): unknown {
  return typeof content === 'string' ? content : partsOf(content, 'input_text');
}
