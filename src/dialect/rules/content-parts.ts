import { counted, mapMessages } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import { toKnownPart } from '../media/known-part.ts';
import type { Rule } from '../rule.ts';

export const contentParts: Rule = {
  id: 'content-parts',
  title: { en: 'Kinds of content parts', zh: '内容片段的类型' },
  why: "Kimi knows parts of the types text, image_url and video_url (else 400 `invalid part type`). Other protocols' spellings of these become that, unknown ones text; sound and documents, which no model takes, are refused here with the path of the part.",
  source: 'platform openapi.json (K2.6 copy); npm @ai-sdk/moonshotai 3.0.60; MoonshotAI/Kimi-K2 #118',
  seen: '2026-11-10',
  when: isKimiApi,
  request: {
    reads: ['messages'],
    trigger: { outline: (messages) => messages.some(({ parts }) => parts.some(({ kind }) => kind === 'other')) },
    apply(request, { note }) {
      let count = 0;
      const result = mapMessages(request, (message, index) => {
        if (!Array.isArray(message.content)) return message;
        const before: readonly unknown[] = message.content;
        const after = before.map((part, place) => toKnownPart(part, `messages[${index}].content[${place}]`));
        const changed = after.filter((part, place) => part !== before[place]).length;
        count += changed;
        return changed === 0 ? message : { ...message, content: after.filter((part) => part !== undefined) };
      });
      if (count > 0) note(`${counted(count, 'content part')} rewritten`);
      return result;
    },
  },
};
