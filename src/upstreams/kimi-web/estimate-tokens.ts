import type { Usage } from '../../chat/chat.ts';

/** The web tells no usage. ASCII costs about a quarter of a token a character, Chinese 0.7, everything else a half. */
export function estimateTokens(text: string): number {
  let ascii = 0;
  let chinese = 0;
  let other = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) ascii++;
    else if (code >= 0x2e80 && code <= 0x9fff) chinese++;
    else other++;
  }
  return Math.ceil(ascii * 0.25 + chinese * 0.7 + other * 0.5);
}

/** Marked as an estimate, so that nobody takes it for what was billed; never zero, because clients divide by it. */
export function estimatedUsage(prompt: string, reasoning: string, answer: string): Usage {
  const reasoningTokens = estimateTokens(reasoning);
  const promptTokens = Math.max(1, estimateTokens(prompt));
  const completionTokens = Math.max(1, estimateTokens(answer) + reasoningTokens);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(reasoningTokens > 0 ? { completion_tokens_details: { reasoning_tokens: reasoningTokens } } : {}),
    estimated: true,
  };
}
