import type { ChatRequest } from '../../chat/chat.ts';
import { mapMessages } from './map-messages.ts';

/**
 * The request with each content part replaced by what `change` returns for it, and how many that changed; `undefined`
 * leaves a part out. `path` is the part's place in OpenAI's notation.
 */
export function mapParts(
  request: ChatRequest,
  change: (part: unknown, path: string) => unknown,
): { readonly request: ChatRequest; readonly count: number } {
  let count = 0;
  const result = mapMessages(request, (message, index) => {
    if (!Array.isArray(message.content)) return message;
    const before: readonly unknown[] = message.content;
    const after = before.map((part, place) => change(part, `messages[${index}].content[${place}]`));
    const changed = after.filter((part, place) => part !== before[place]).length;
    count += changed;
    return changed === 0 ? message : { ...message, content: after.filter((part) => part !== undefined) };
  });
  return { request: result, count };
}
