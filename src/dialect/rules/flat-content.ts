import type { ChatMessage } from '../../chat/chat.ts';
import { isTextPart } from '../history/content-part.ts';
import { counted, mapMessages } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

const TEXT_ONLY = new Set<string | undefined>(['system', 'assistant', 'tool']);

function flat(message: ChatMessage): ChatMessage {
  const { content, role } = message;
  if (!TEXT_ONLY.has(role) || !Array.isArray(content) || content.length === 0) return message;
  if (!content.every(isTextPart)) return message;
  return { ...message, content: content.map(({ text }) => text).join('') };
}

/** The texts are joined as the model's own template joins them, with nothing between. */
export const flatContent: Rule = {
  id: 'flat-content',
  title: { en: 'Text is a string', zh: '文本内容合并为字符串' },
  why: 'System messages, answers and tool results that come as arrays of text parts (often with `cache_control`) go up as strings: parts are documented for what users say.',
  source:
    'BerriAI/litellm llms/moonshot (flattens all); recorded requests of claude-code-router 2.0.0, qwen-code 0.24.4',
  seen: '2026-11-12',
  when: isKimiApi,
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ role, parts }) =>
        TEXT_ONLY.has(role) && parts.length > 0 && parts.every(({ kind }) => kind === 'text'),
    },
    apply(request, { note }) {
      let count = 0;
      const result = mapMessages(request, (message) => {
        const after = flat(message);
        if (after !== message) count++;
        return after;
      });
      if (count > 0) note(`text parts of ${counted(count, 'message')} joined`);
      return result;
    },
  },
};
