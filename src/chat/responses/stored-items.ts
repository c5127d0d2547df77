import { isObject } from '../json-object.ts';
import type { Item, NewId, ResponsesRequest } from './responses.ts';

/** Prefixes of the ids that OpenAI gives to items, where the type's name does not say it. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  web_search_call: 'ws',
};

/** The input as items, and as they are listed and kept: each with a type and an id, a message's content in parts. */
export function toStoredItems(input: ResponsesRequest['input'], newId: NewId): Item[] {
  if (input === undefined) return [];
  const items: readonly Item[] = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  return items.map((item) => {
    const type = item.type ?? 'message';
    const id = typeof item.id === 'string' && item.id !== '' ? item.id : newId(PREFIXES[type] ?? 'item');
    if (type !== 'message') return { ...item, type, id };
    return { status: 'completed', ...item, type, id, content: toParts(item) };
  });
}

function toParts({ role, content }: Item): unknown {
  if (typeof content !== 'string') return content ?? [];
  return role === 'assistant'
    ? [{ type: 'output_text', text: content, annotations: [] }]
    : [{ type: 'input_text', text: content }];
}

/** Stands for an item that is kept. Without a type it is told from a message by having nothing but an id. */
export function isReference(item: unknown): item is Item & { readonly id: string } {
  if (!isObject(item) || typeof item['id'] !== 'string') return false;
  return (
    item['type'] === 'item_reference' || ((item['type'] ?? null) === null && !('role' in item) && !('content' in item))
  );
}
