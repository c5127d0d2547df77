import { at, shown } from './json-at.ts';

/** What does not add up in a usage of the chat face. */
export function usageProblems(usage: unknown): string[] {
  const [prompt, answer, total] = ['prompt_tokens', 'completion_tokens', 'total_tokens'].map((name) => at(usage, name));
  const counts = { prompt_tokens: prompt, completion_tokens: answer, total_tokens: total };
  const wrong = Object.entries(counts).flatMap(([name, count]) =>
    isCount(count) ? [] : [`${name} is ${shown(count)}`],
  );
  if (!isCount(prompt) || !isCount(answer) || !isCount(total)) return wrong;
  const reasoning = at(usage, 'completion_tokens_details', 'reasoning_tokens');
  const cached = at(usage, 'prompt_tokens_details', 'cached_tokens');
  return [
    ...(prompt > 0 ? [] : ['prompt_tokens is 0']),
    ...(answer > 0 ? [] : ['completion_tokens is 0 for an answer with text']),
    ...(prompt + answer === total ? [] : [`${prompt} + ${answer} is not ${total}`]),
    ...(isCount(reasoning) && reasoning > answer ? [`${reasoning} reasoning tokens of ${answer}`] : []),
    ...(isCount(cached) && cached > prompt ? [`${cached} cached tokens of ${prompt}`] : []),
  ];
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;
