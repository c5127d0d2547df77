import type { Phrase } from '../../language.ts';
import type { Outcome } from '../run-checks.ts';
import type { Group } from '../verify-check.ts';

export const OUTCOMES: Readonly<Record<Outcome, Phrase>> = {
  conforms: { en: 'conforms', zh: '符合' },
  differs: { en: 'differs', zh: '不符' },
  known: { en: 'known of Kimi', zh: 'Kimi 的已知差异' },
  skipped: { en: 'skipped', zh: '跳过' },
};

export const GROUP_TITLES: Readonly<Record<Group, Phrase>> = {
  models: { en: 'Models', zh: '模型' },
  answers: { en: 'Whole answers', zh: '完整回答' },
  streams: { en: 'Streams', zh: '流式输出' },
  tools: { en: 'Tools', zh: '工具' },
  parameters: { en: 'Parameters', zh: '参数' },
  messages: { en: 'Messages', zh: '消息' },
  errors: { en: 'Errors', zh: '错误' },
  anthropic: { en: 'Anthropic Messages', zh: 'Anthropic Messages' },
  responses: { en: 'Responses', zh: 'Responses' },
};

export const LABELS = {
  seen: { en: 'seen', zh: '实际' },
  means: { en: 'means', zh: '影响' },
  because: { en: 'because', zh: '原因' },
} as const satisfies Readonly<Record<string, Phrase>>;

export function summaryOf(counts: Readonly<Record<Outcome, number>>, requests: number): Phrase {
  const { conforms, differs, known, skipped } = counts;
  return {
    en: `${conforms} conform, ${differs} differ, ${known} differ as Kimi is known to, ${skipped} skipped; ${requests} requests.`,
    zh: `${conforms} 项符合，${differs} 项不符，${known} 项为 Kimi 的已知差异，${skipped} 项跳过；共 ${requests} 次请求。`,
  };
}
