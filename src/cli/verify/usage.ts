import type { Phrase } from '../language.ts';
import { at } from './json-at.ts';
import { unlike } from './unlike.ts';

/** What does not add up in a usage of the chat face. */
export function usageProblems(usage: unknown): Phrase[] {
  const [prompt, answer, total] = ['prompt_tokens', 'completion_tokens', 'total_tokens'].map((name) => at(usage, name));
  const counts = { prompt_tokens: prompt, completion_tokens: answer, total_tokens: total };
  const wrong = Object.entries(counts).flatMap(([name, count]) => (isCount(count) ? [] : [unlike(name, count)]));
  if (!isCount(prompt) || !isCount(answer) || !isCount(total)) return wrong;
  const reasoning = at(usage, 'completion_tokens_details', 'reasoning_tokens');
  const cached = at(usage, 'prompt_tokens_details', 'cached_tokens');
  return [
    ...(prompt > 0 ? [] : [{ en: 'prompt_tokens is 0', zh: 'prompt_tokens 为 0' }]),
    ...(answer > 0
      ? []
      : [{ en: 'completion_tokens is 0 for an answer with text', zh: '回答有文本而 completion_tokens 为 0' }]),
    ...(prompt + answer === total
      ? []
      : [{ en: `${prompt} + ${answer} is not ${total}`, zh: `${prompt} + ${answer} 不等于 ${total}` }]),
    ...(isCount(reasoning) && reasoning > answer
      ? [{ en: `${reasoning} reasoning tokens of ${answer}`, zh: `推理 token ${reasoning} 多于回答的 ${answer}` }]
      : []),
    ...(isCount(cached) && cached > prompt
      ? [{ en: `${cached} cached tokens of ${prompt}`, zh: `缓存 token ${cached} 多于提示的 ${prompt}` }]
      : []),
  ];
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;
