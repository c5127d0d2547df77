import type { Message, ResponseFormat, Tool } from './request.ts';
import { countTokens, MEDIA_TOKENS, MESSAGE_TOKENS, REQUEST_TOKENS } from './tokens.ts';

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly cached_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
}

export function usageOf(counts: { prompt: number; cached: number; reasoning: number; completion: number }): Usage {
  return {
    prompt_tokens: counts.prompt,
    completion_tokens: counts.completion,
    total_tokens: counts.prompt + counts.completion,
    cached_tokens: counts.cached,
    prompt_tokens_details: { cached_tokens: counts.cached },
    completion_tokens_details: { reasoning_tokens: counts.reasoning },
  };
}

export function countPrompt(messages: readonly Message[], tools: readonly Tool[], format: ResponseFormat): number {
  let sum = REQUEST_TOKENS;
  for (const message of messages) {
    sum += MESSAGE_TOKENS + countTokens(message.text) + message.media * MEDIA_TOKENS;
    sum += countTokens(message.reasoning ?? '');
    for (const call of message.toolCalls) sum += countTokens(call.name) + countTokens(call.arguments);
  }
  if (tools.length > 0) sum += countTokens(JSON.stringify(tools.map((tool) => tool.raw)));
  if (format.type === 'json_schema') sum += countTokens(JSON.stringify(format.schema));
  return sum;
}
