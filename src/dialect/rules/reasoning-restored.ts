import { counted, mapMessages } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import { firstKnown } from '../reasoning/first-known.ts';
import type { Rule } from '../rule.ts';

/**
 * Messages without tool calls are left alone, although the documentation would have them echoed whole where thinking is
 * preserved: they are not refused, there is nothing but their text to know them by, and looking for it would mean
 * decoding every history and parsing every chunk of every answer.
 */
export const reasoningRestored: Rule = {
  id: 'reasoning-restored',
  title: { en: 'Reasoning belongs to tool calls', zh: '工具调用须带思考内容' },
  why: 'While thinking is on, an assistant message with tool calls and without `reasoning_content` is a 400 (`thinking is enabled but reasoning_content is missing in assistant tool call message at index N`). The remembered text is put back; an unknown one becomes `""`, never a placeholder, which the model was seen to repeat as its thought.',
  source:
    'QuantumNous/new-api #3121; anomalyco/opencode #10996; npm openclaw 2026.9.6; nikships/droidproxy PR 207 (placeholders leak)',
  seen: '2026-11-10',
  when: (situation) => isKimiApi(situation) && situation.thinking,
  refusal: /reasoning_content is missing/,
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ role, calls, reasoning }) =>
        role === 'assistant' && calls !== undefined && calls.length > 0 && reasoning === 'absent',
    },
    apply(request, { note, reasoning }) {
      let restored = 0;
      let empty = 0;
      const result = mapMessages(request, (message) => {
        const { role, tool_calls: calls, reasoning_content: present } = message;
        if (role !== 'assistant' || !Array.isArray(calls) || calls.length === 0) return message;
        if (present !== undefined && present !== null) return message;
        const text = firstKnown(calls, reasoning, ({ memory, owner }, key) => memory.recall(owner, key)) ?? '';
        if (text === '') empty++;
        else restored++;
        return { ...message, reasoning_content: text };
      });
      if (restored > 0) note(`reasoning_content restored in ${counted(restored, 'message')}`);
      if (empty > 0) note(`reasoning_content left empty in ${counted(empty, 'message')}`);
      return result;
    },
  },
};
