import type { ChatRequest } from '../chat.ts';
import { given, isObject, type JsonObject } from '../json-object.ts';
import { Notes } from '../notes.ts';
import { carriedOf } from './carried.ts';
import { splitHistory } from './history-to-messages.ts';
import type { Block, MessagesRequest } from './messages.ts';
import { type FaceFacts, toAnthropicThinking } from './thinking.ts';
import { toAnthropicChoice, toAnthropicTools } from './tools.ts';

/** Members of the hub that are said in Anthropic's words; every other one is noted and left out. */
const SAID = new Set(
  [
    'model messages stream stream_options tools tool_choice parallel_tool_calls thinking reasoning_effort temperature',
    'top_p top_k stop max_tokens max_completion_tokens response_format metadata user safety_identifier',
    'prompt_cache_key web_search_options anthropic',
  ].flatMap((line) => line.split(' ')),
);

/** Values of OpenAI's that say what is so anyway. */
const IDLE: Readonly<Record<string, unknown>> = { n: 1, presence_penalty: 0, frequency_penalty: 0, logprobs: false };

/** A chat request as a Messages request for an Anthropic face, with notes of what could not be said there. */
export function toMessagesRequest(
  request: ChatRequest,
  facts: FaceFacts,
): { request: MessagesRequest; notes: string[] } {
  const notes = new Notes();
  const { others } = carriedOf(request) as { readonly others?: JsonObject };
  const { model, messages = [], stream, temperature, top_p, top_k, stop } = request;
  const { system, messages: history } = splitHistory(messages, notes);
  noteUnsaid(request, notes);
  return {
    request: {
      ...given('model', model),
      max_tokens: request.max_completion_tokens ?? request.max_tokens ?? facts.maxOutput,
      ...given('system', withJsonWish(system, request.response_format)),
      messages: history,
      ...given('tools', toAnthropicTools(request, notes)),
      ...toAnthropicChoice(request, notes),
      ...toAnthropicThinking(request, facts, notes),
      ...given('stop_sequences', stopsOf(stop)),
      ...given('temperature', temperatureOf(temperature, notes)),
      ...given('top_p', top_p ?? undefined),
      ...given('top_k', top_k ?? undefined),
      ...given('metadata', ownerOf(request, notes)),
      ...given('stream', stream),
      ...others,
    },
    notes: notes.list(),
  };
}

function noteUnsaid(request: ChatRequest, notes: Notes): void {
  for (const [member, value] of Object.entries(request)) {
    if (SAID.has(member) || value === null || value === undefined || IDLE[member] === value) continue;
    notes.add(`${member} has no counterpart`);
  }
}

function stopsOf(stop: ChatRequest['stop']): readonly string[] | undefined {
  return typeof stop === 'string' ? [stop] : (stop ?? undefined);
}

/** Anthropic's range ends at 1, OpenAI's at 2. */
function temperatureOf(temperature: ChatRequest['temperature'], notes: Notes): number | undefined {
  if (typeof temperature !== 'number' || temperature <= 1) return temperature ?? undefined;
  notes.add('temperature lowered to 1');
  return 1;
}

function ownerOf(request: ChatRequest, notes: Notes): JsonObject | undefined {
  const { metadata, prompt_cache_key: key, user, safety_identifier: person } = request;
  const own = isObject(metadata) ? metadata : {};
  if ('user_id' in own) return own;
  if (Object.keys(own).length > 0) notes.add('metadata has no counterpart');
  const name = [key, user, person].find((value) => typeof value === 'string');
  return name === undefined ? undefined : { user_id: name };
}

/** JSON without a schema is a wish that this shape cannot state elsewhere. */
function withJsonWish(
  system: string | readonly Block[] | undefined,
  format: unknown,
): string | readonly Block[] | undefined {
  if (!isObject(format) || format['type'] !== 'json_object') return system;
  const wish = 'Answer with one JSON object and nothing else.';
  if (system === undefined) return wish;
  return typeof system === 'string' ? `${system}\n\n${wish}` : [...system, { type: 'text', text: wish }];
}
