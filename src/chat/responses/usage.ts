import type { Usage } from '../chat.ts';
import type { JsonObject } from '../json-object.ts';

/** The counts of a chat in the words of Responses. What a surface does not count is zero, since the members are required. */
export function toResponsesUsage(usage: Usage): JsonObject {
  const input = usage.prompt_tokens ?? 0;
  const output = usage.completion_tokens ?? 0;
  const written = usage.prompt_tokens_details?.['cache_write_tokens'];
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cached_tokens ?? usage.prompt_tokens_details?.cached_tokens ?? 0,
      cache_write_tokens: typeof written === 'number' ? written : 0,
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.completion_tokens_details?.reasoning_tokens ?? 0 },
    total_tokens: usage.total_tokens ?? input + output,
  };
}
