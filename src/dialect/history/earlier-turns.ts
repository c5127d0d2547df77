import type { ChatRequest } from '../../chat/chat.ts';

const MESSAGE = /^messages\[(\d+)\]/;

/**
 * Tells by its path whether a part stands in an earlier turn: everything behind the last answer is what the model is to
 * look at now. What no model takes is the request's mistake there, and a remark in what was said before: a conversation that
 * began elsewhere goes on.
 */
export function earlierTurns({ messages = [] }: ChatRequest): (path: string) => boolean {
  const now = messages.findLastIndex((message) => message?.role === 'assistant') + 1;
  return (path) => Number(MESSAGE.exec(path)?.[1]) < now;
}
