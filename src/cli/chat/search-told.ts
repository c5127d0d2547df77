import type { ChatMessage } from '../../chat/chat.ts';
import type { Phrase } from '../language.ts';
import { plainText } from '../plain-text.ts';
import type { AnswerView } from './answer-view.ts';

/** What becomes of the wish for a search is told by a gateway that knows of searching; others leave it out. */
export function hasSearched({ served, end }: AnswerView): boolean {
  const { searched, annotations, tool_calls } = end?.message ?? {};
  const isTold = /search/i.test(served?.notes ?? '') || searched !== undefined;
  return isTold || tool_calls !== undefined || (Array.isArray(annotations) && annotations.length > 0);
}

/** The pages that an answer names, a line for each. */
export function sourceLines({ annotations }: ChatMessage): readonly string[] {
  const cited: readonly unknown[] = Array.isArray(annotations) ? annotations : [];
  const pages = new Map<string, string>();
  for (const annotation of cited) {
    const { url_citation: citation } = (annotation ?? {}) as { url_citation?: { url?: unknown; title?: unknown } };
    if (typeof citation?.url === 'string') pages.set(citation.url, String(citation.title ?? ''));
  }
  return [...pages].map(([url, title], index) => `[${index + 1}] ${plainText(title)} ${plainText(url)}`);
}

export const NOT_SEARCHED: Phrase = {
  en: 'Nothing tells of a search: what answers here cannot search the web, or did not.',
  zh: '没有搜索的迹象：这里的服务不能联网搜索，或没有搜索。',
};
