import type { ToolCall } from '../../chat/chat.ts';
import { callKey } from './call-key.ts';
import type { ReasoningScope } from './reasoning-memory.ts';

/** What is remembered of a message with these calls: the first of them that is known says it. */
export function firstKnown<T>(
  calls: readonly ToolCall[],
  scope: ReasoningScope | undefined,
  ask: (scope: ReasoningScope, key: string) => T | undefined,
): T | undefined {
  if (scope === undefined) return undefined;
  for (const call of calls) {
    const key = callKey(call);
    const found = key === undefined ? undefined : ask(scope, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
