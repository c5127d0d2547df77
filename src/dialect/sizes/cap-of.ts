import type { ChatRequest } from '../../chat/chat.ts';

/** Below this a thinking model often has nothing left for the answer: of 48 tokens it was seen to think 45. */
export const THINKING_FLOOR = 1_024;

/** The two names of the cap, the one that counts first. */
export const CAP_NAMES = ['max_completion_tokens', 'max_tokens'] as const;

/** The cap on the answer and the name under which it stands. */
export function capOf(request: ChatRequest): { name: (typeof CAP_NAMES)[number]; cap: number } | undefined {
  for (const name of CAP_NAMES) {
    const cap = request[name];
    if (typeof cap === 'number') return { name, cap };
  }
  return undefined;
}
