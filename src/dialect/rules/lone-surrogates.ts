import { hasLoneSurrogate } from '../../chat/raw-string.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

/** Every member that holds text. */
const TEXTS = ['messages', 'tools', 'functions', 'response_format', 'prediction', 'stop', 'user', 'prompt_cache_key'];

/** The same value if it has none. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const elements = value.map(wellFormed);
    return elements.some((element, index) => element !== value[index]) ? elements : value;
  }
  const before = Object.entries(value);
  const after = before.map(([key, member]): [string, unknown] => [key.toWellFormed(), wellFormed(member)]);
  const isSame = after.every(([key, member], index) => key === before[index]?.[0] && member === before[index]?.[1]);
  return isSame ? value : Object.fromEntries(after);
}

export const loneSurrogates: Rule = {
  id: 'lone-surrogates',
  title: { en: 'Halves of characters', zh: '不完整的代理字符' },
  why: 'Text that was cut in the middle of an emoji keeps half of it (`\\ud83d`), and the surface answers `Invalid request: tokenization failed`. The half becomes U+FFFD.',
  source: 'moeru-ai/airi #1768; npm @earendil-works/pi-ai 1.5.2 (sanitises alike)',
  seen: '2026-11-10',
  when: isKimiApi,
  refusal: /tokenization failed/,
  request: {
    reads: TEXTS,
    trigger: { bytes: hasLoneSurrogate },
    apply(request, { note }) {
      const result = wellFormed(request) as typeof request;
      if (result !== request) note('halves of characters replaced by U+FFFD');
      return result;
    },
  },
};
