import type { ChatMessage, ChatRequest } from '../../chat/chat.ts';

/**
 * The request with each message replaced by what `change` returns for it; `undefined` leaves the message out. Messages
 * for which the same object comes back keep their identity, and so does the request if all do.
 */
export function mapMessages(
  request: ChatRequest,
  change: (message: ChatMessage, index: number) => ChatMessage | undefined,
): ChatRequest {
  const { messages } = request;
  if (!Array.isArray(messages)) return request;
  let changed = false;
  const result: ChatMessage[] = [];
  messages.forEach((message: ChatMessage, index) => {
    const after = isMessage(message) ? change(message, index) : message;
    if (after !== message) changed = true;
    if (after !== undefined) result.push(after);
  });
  return changed ? { ...request, messages: result } : request;
}

/** What stands in `messages` may be anything. */
export function isMessage(value: unknown): value is ChatMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `3 messages`, `1 message`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
