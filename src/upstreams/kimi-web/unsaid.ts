import type { ChatRequest } from '../../chat/chat.ts';
import { isPrefilled } from './prompt.ts';
import { textAt } from './wire-value.ts';

/** Members that reach the web chat in some form, or that are none of its business. */
const SAID = new Set(
  [
    'model messages stream stream_options tools tool_choice functions function_call thinking reasoning_effort',
    'use_search web_search_options n metadata user safety_identifier prompt_cache_key anthropic',
  ].flatMap((line) => line.split(' ')),
);

/** Values of OpenAI's that say what is so anyway. */
const IDLE: Readonly<Record<string, unknown>> = { presence_penalty: 0, frequency_penalty: 0, logprobs: false };

/** What of a request the web chat cannot be told, or can be told in words only: one note for each member. */
export function unsaid(request: ChatRequest): string[] {
  const notes = isPrefilled(request.messages ?? []) ? ['the beginning of the answer goes up in words only'] : [];
  for (const [member, value] of Object.entries(request)) {
    if (SAID.has(member) || value === null || value === undefined || IDLE[member] === value) continue;
    const isFormat = member === 'response_format';
    if (isFormat && textAt(value, 'type') === 'text') continue;
    notes.push(
      isFormat ? 'response_format is asked for in words; nothing enforces it' : `${member} has no counterpart`,
    );
  }
  return notes;
}
