import { earlierTurns } from '../history/earlier-turns.ts';
import { counted } from '../history/map-messages.ts';
import { mapParts } from '../history/map-parts.ts';
import { isKimiApi } from '../kimi-surface.ts';
import { toKnownPart } from '../media/known-part.ts';
import type { Rule } from '../rule.ts';

export const contentParts: Rule = {
  id: 'content-parts',
  title: { en: 'Kinds of content parts', zh: '内容片段的类型' },
  why: "Kimi knows parts of the types text, image_url and video_url (else 400 `invalid part type`). Other protocols' spellings of these become that, unknown ones text; sound and documents, which no model takes, are refused here with the path of the part, but for earlier turns, where a remark stands for them so that a conversation can go on with Kimi.",
  source: 'platform openapi.json (K2.6 copy); npm @ai-sdk/moonshotai 3.0.60; MoonshotAI/Kimi-K2 #118',
  seen: '2026-11-10',
  when: isKimiApi,
  request: {
    reads: ['messages'],
    trigger: { message: ({ parts }) => parts.some(({ kind }) => kind === 'other') },
    apply(request, { note }) {
      const isEarlier = earlierTurns(request);
      const result = mapParts(request, (part, path) => toKnownPart(part, path, isEarlier(path)));
      if (result.count > 0) note(`${counted(result.count, 'content part')} rewritten`);
      return result.request;
    },
  },
};
