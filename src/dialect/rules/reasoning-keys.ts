import type { ChatMessage } from '../../chat/chat.ts';
import { FOREIGN_REASONING } from '../../chat/message-outline.ts';
import { isPart } from '../history/content-part.ts';
import { counted, mapMessages } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import { textOfThoughts } from '../reasoning/foreign-thoughts.ts';
import type { Rule } from '../rule.ts';

const THINKING_PARTS = new Set(['thinking', 'reasoning', 'redacted_thinking']);

const isThinkingPart = (part: unknown) => isPart(part) && THINKING_PARTS.has(String(part['type']));

function converted(message: ChatMessage): ChatMessage {
  if (message.role !== 'assistant') return message;
  const { content, reasoning_content: own } = message;
  const parts = Array.isArray(content) ? content.filter(isThinkingPart) : [];
  const keys = FOREIGN_REASONING.filter((key) => key in message);
  const isOdd = own !== undefined && own !== null && typeof own !== 'string';
  if (parts.length === 0 && keys.length === 0 && !isOdd) return message;
  const result: Record<string, unknown> = { ...message };
  if (parts.length > 0) result['content'] = (content as unknown[]).filter((part) => !isThinkingPart(part));
  for (const key of keys) delete result[key];
  if (typeof own === 'string') return result;
  const texts = [own, parts, ...keys.map((key) => message[key])].map(textOfThoughts);
  const text = texts.find((candidate) => candidate !== '');
  if (text !== undefined) result['reasoning_content'] = text;
  else if (isOdd) delete result['reasoning_content'];
  return result;
}

export const reasoningKeys: Rule = {
  id: 'reasoning-keys',
  title: { en: 'Thoughts are called reasoning_content', zh: '思考内容的字段名' },
  why: "Histories that began at another host keep the model's thoughts as `reasoning`, `reasoning_details` or as parts of type `thinking`, which Kimi does not know (400 invalid part type). They become `reasoning_content`.",
  source: 'MoonshotAI/kimi-code kosong reasoning-key.ts; BerriAI/litellm llms/moonshot',
  seen: '2026-08-22',
  when: isKimiApi,
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ role, foreignReasoning, reasoning, parts }) =>
        role === 'assistant' &&
        (foreignReasoning || reasoning === 'other' || parts.some(({ kind }) => kind === 'other')),
    },
    apply(request, { note }) {
      let count = 0;
      const result = mapMessages(request, (message) => {
        const after = converted(message);
        if (after !== message) count++;
        return after;
      });
      if (count > 0) note(`thoughts of ${counted(count, 'message')} moved to reasoning_content`);
      return result;
    },
  },
};
