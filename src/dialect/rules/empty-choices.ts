import type { Rule } from '../rule.ts';

export const emptyChoices: Rule = {
  id: 'empty-choices',
  title: { en: 'Chunks without a choice', zh: '没有 choice 的分片' },
  why: 'Chunks with `choices: []` come as heartbeats and with the usage; clients that read `choices[0]` unguarded break on them (`list index out of range`). Only the usage chunk passes, and only to a client that asked for it.',
  source: 'Kimi For Coding integration guide, error table; MoonshotAI/kimi-code kosong',
  seen: '2026-08-22',
  when: () => true,
  answer: ({ stream, includeUsage }) =>
    stream
      ? {
          // Of `"choices":[]` what is rare: every chunk has the rest.
          needles: ['[]'],
          chunk(chunk) {
            if (chunk.choices === undefined || chunk.choices.length > 0) return chunk;
            return includeUsage && chunk.usage ? chunk : undefined;
          },
        }
      : undefined,
};
