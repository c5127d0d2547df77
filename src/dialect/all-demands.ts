import type { ChatChunk } from '../chat/chat.ts';
import type { AnswerRetry } from './rule.ts';

/** Several demands on one answer: it is asked for again while one of them is not met. */
export function allDemands(retries: readonly AnswerRetry[]): AnswerRetry | undefined {
  const [first, ...more] = retries;
  if (first === undefined || more.length === 0) return first;
  const open = new Set(retries);
  return {
    rule: retries.map(({ rule }) => rule).join('+'),
    limit: Math.max(...retries.map(({ limit }) => limit)),
    isMet(chunk: ChatChunk, whole) {
      for (const retry of open) if (retry.isMet(chunk, whole)) open.delete(retry);
      return open.size === 0;
    },
    again(completion) {
      for (const retry of retries) {
        const messages = retry.again(completion);
        if (messages !== undefined) return messages;
      }
      return undefined;
    },
  };
}
