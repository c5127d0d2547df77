import type { JsonObject } from '../json-object.ts';
import { type ReasoningForm, reasoningFormOf } from './reasoning-item.ts';
import type { NewId, ResponsesRequest } from './responses.ts';
import type { ToolMap } from './tool-map.ts';

/** Asks for the pages that a search found (`include`). */
export const SEARCH_SOURCES = 'web_search_call.action.sources';

/** What an answer takes from its request: the members that a response repeats, and how items are to be made. */
export interface ResponseFrame {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly now: () => number;
  readonly newId: NewId;
  readonly tools: ToolMap;
  readonly reasoning: ReasoningForm;
  readonly model: string;
  readonly background: boolean;
  /** The pages that a search found stand in its item. */
  readonly showsSources: boolean;
  readonly echo: JsonObject;
}

export interface FrameFacts {
  readonly tools: ToolMap;
  readonly newId: NewId;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function frameOf(request: ResponsesRequest, { tools, newId, now }: FrameFacts): ResponseFrame {
  const seconds = () => Math.floor(now() / 1000);
  return {
    id: newId('resp'),
    createdAt: seconds(),
    now: seconds,
    newId,
    tools,
    reasoning: reasoningFormOf(request),
    model: request.model ?? '',
    background: request.background === true,
    showsSources: request.include?.includes(SEARCH_SOURCES) ?? false,
    echo: echoOf(request),
  };
}

/** Every member that OpenAI's object has, with its defaults where the request says nothing. */
function echoOf(request: ResponsesRequest): JsonObject {
  const { conversation, reasoning, text } = request;
  const orNull = (member: string): unknown => request[member] ?? null;
  return {
    access_programs: null,
    background: request.background ?? false,
    conversation:
      conversation === undefined ? null : { id: typeof conversation === 'string' ? conversation : conversation.id },
    instructions: orNull('instructions'),
    max_output_tokens: orNull('max_output_tokens'),
    max_tool_calls: orNull('max_tool_calls'),
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: orNull('previous_response_id'),
    prompt_cache_key: orNull('prompt_cache_key'),
    reasoning: { effort: null, summary: null, ...reasoning },
    safety_identifier: orNull('safety_identifier'),
    // The one that there is, whatever was asked for.
    service_tier: 'default',
    store: request.store ?? true,
    temperature: orNull('temperature'),
    text: { ...text, format: text?.format ?? { type: 'text' } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_logprobs: orNull('top_logprobs'),
    top_p: orNull('top_p'),
    truncation: request.truncation ?? 'disabled',
    ...(request['user'] === undefined ? {} : { user: request['user'] }),
  };
}
