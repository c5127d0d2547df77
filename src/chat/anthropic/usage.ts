import type { Usage } from '../chat.ts';
import { given, rest } from '../json-object.ts';
import { carriedOf, carry } from './carried.ts';
import type { AnthropicUsage } from './messages.ts';

/** Anthropic's input leaves out what the cache served or stored, OpenAI's and Kimi's prompt includes it. */
export function toHubUsage(usage: AnthropicUsage): Usage {
  const { output_tokens_details: details } = usage;
  const read = usage.cache_read_input_tokens ?? 0;
  const written = usage.cache_creation_input_tokens ?? 0;
  const prompt = (usage.input_tokens ?? 0) + read + written;
  const completion = usage.output_tokens ?? 0;
  const thinking = details?.thinking_tokens;
  const known = ['input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    cached_tokens: read,
    prompt_tokens_details: { cached_tokens: read, ...(written > 0 ? { cache_write_tokens: written } : {}) },
    ...(thinking === undefined ? {} : { completion_tokens_details: { reasoning_tokens: thinking } }),
    ...carry(rest(usage, ...known, ...(thinking === undefined ? [] : ['output_tokens_details']))),
  };
}

export function toAnthropicUsage(usage: Usage): AnthropicUsage {
  const details = usage.prompt_tokens_details;
  const read = usage.cached_tokens ?? details?.cached_tokens ?? 0;
  const write = details?.['cache_write_tokens'];
  const written = typeof write === 'number' ? write : 0;
  const thinking = usage.completion_tokens_details?.reasoning_tokens;
  return {
    input_tokens: Math.max(0, (usage.prompt_tokens ?? 0) - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: usage.completion_tokens ?? 0,
    ...(thinking === undefined ? {} : { output_tokens_details: { thinking_tokens: thinking } }),
    ...given('server_tool_use', usage['server_tool_use'] ?? undefined),
    ...carriedOf(usage),
  };
}
