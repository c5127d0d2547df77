import type { Usage } from '../../chat/chat.ts';
import type { Rule } from '../rule.ts';

/** The same object if nothing is missing. */
function mirrored(usage: Usage): Usage {
  const cached = usage.cached_tokens;
  if (typeof cached !== 'number' || usage.prompt_tokens_details?.cached_tokens !== undefined) return usage;
  return { ...usage, prompt_tokens_details: { ...usage.prompt_tokens_details, cached_tokens: cached } };
}

export const cachedTokensPlace: Rule = {
  id: 'cached-tokens-place',
  title: { en: 'Cached tokens at the top of usage', zh: '缓存命中数的位置' },
  why: 'Kimi reports `usage.cached_tokens`; OpenAI clients read `usage.prompt_tokens_details.cached_tokens`. The figure is mirrored there if it is missing.',
  source: 'npm @ai-sdk/moonshotai 3.0.60; QuantumNous/new-api',
  seen: '2026-11-12',
  when: () => true,
  answer: () => ({
    needles: ['"cached_tokens"'],
    unless: '"prompt_tokens_details":{"cached_tokens"',
    chunk(chunk) {
      const usage = chunk.usage ? mirrored(chunk.usage) : chunk.usage;
      return usage === chunk.usage || usage === undefined ? chunk : { ...chunk, usage };
    },
    completion(completion) {
      const usage = completion.usage ? mirrored(completion.usage) : completion.usage;
      return usage === completion.usage || usage === undefined ? completion : { ...completion, usage };
    },
  }),
};
