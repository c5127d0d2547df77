import { mapMessages } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

/**
 * An assistant message at the end is not marked on its own: the documentation treats it as history, and OpenAI's
 * models too answer after it instead of continuing it. Whoever wants a continuation says so, with Kimi's `partial` or
 * with the `prefix` of DeepSeek and Mistral; the codec of the Messages protocol, where the position is the wish, sets
 * `partial` itself.
 */
export const partialPrefix: Rule = {
  id: 'partial-prefix',
  title: { en: 'Prefixes are marked with partial', zh: '前缀续写使用 partial' },
  why: "An assistant message at the end is continued if it has `partial: true`; other vendors call that `prefix`. Anywhere else the mark is refused (`partial is only allowed on the last message with role assistant`, the simulator's wording).",
  source: 'platform docs, partial mode; DeepSeek and Mistral API references (prefix)',
  seen: '2026-09-02',
  when: isKimiApi,
  request: {
    reads: ['messages'],
    trigger: { message: ({ partial }) => partial },
    apply(request, { note }) {
      const last = (request.messages?.length ?? 0) - 1;
      return mapMessages(request, (message, index) => {
        const { partial, prefix, ...rest } = message;
        const wish = partial ?? prefix;
        const isAllowed = index === last && message.role === 'assistant' && !message.tool_calls?.length;
        if (!('prefix' in message) && (partial === undefined || partial === false)) return message;
        if (!('prefix' in message) && partial === true && isAllowed) return message;
        const isKept = isAllowed && wish === true;
        note(`messages[${index}]: ${isKept ? 'prefix sent as partial' : 'mark of a prefix left out'}`);
        return isKept ? { ...rest, partial: true } : rest;
      });
    },
  },
};
