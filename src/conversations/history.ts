import type { ChatMessage } from '../chat/chat.ts';
import type { Summary } from './conversation.ts';
import type { Turn } from './turn.ts';

/**
 * The messages that go up for a turn. The system's words stand at the front, as the last turn that said any has them, so
 * that a client which repeats them with every request does not pile them up.
 */
export interface History {
  readonly instructions: readonly ChatMessage[];
  /** Turns before this one that the summary does not tell of. */
  readonly past: readonly Turn[];
  readonly summary: Summary | undefined;
  /** This turn's own messages. */
  readonly said: readonly ChatMessage[];
}

export function historyOf(turns: readonly Turn[], asked: readonly ChatMessage[], summary?: Summary): History {
  const own = leading(asked);
  const last = turns.findLast((turn) => leading(turn.asked).length > 0);
  return {
    instructions: own.length > 0 ? own : leading(last?.asked ?? []),
    past: summary === undefined ? turns : turns.filter(({ seq }) => seq > summary.upTo),
    summary,
    said: asked.slice(own.length),
  };
}

export function toMessages({ instructions, past, summary, said }: History): ChatMessage[] {
  return [...instructions, ...summaryMessage(summary), ...past.flatMap(told), ...said];
}

/** For a chat that knows everything but this turn; what the system says anew comes with it. */
export function toMessagesBehind(history: History, before: readonly Turn[]): ChatMessage[] {
  const known = historyOf(before, []).instructions;
  const isNew = JSON.stringify(known) !== JSON.stringify(history.instructions);
  return [...known, ...history.past.flatMap(told), ...(isNew ? history.instructions : []), ...history.said];
}

function summaryMessage(summary: Summary | undefined): ChatMessage[] {
  if (summary === undefined) return [];
  return [{ role: 'system', content: `Summary of the conversation so far:\n${summary.text}` }];
}

/** What a turn says to a model. Calls in an answer that was cut may be torn, and nobody has made them. */
export function told({ asked, answer, state }: Turn): ChatMessage[] {
  const own = asked.slice(leading(asked).length);
  if (answer === undefined) return own;
  if (state !== 'partial') return [...own, answer];
  const { tool_calls: _, function_call: __, ...rest } = answer;
  return rest.content || rest.reasoning_content ? [...own, rest] : own;
}

function leading(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const end = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  return end < 0 ? messages : messages.slice(0, end);
}
