import type { ChatChunk, ChatCompletion, ChatMessage, ChatRequest, Tool, ToolCall } from '../chat.ts';
import { isObject, type JsonObject } from '../json-object.ts';

/**
 * The member of our own, on any object of the hub language: what Anthropic's shape says there and the hub has no word for.
 * A codec that writes Anthropic's shape again puts it back; for every other face `withoutCarried` takes it out.
 */
export const CARRIED = 'anthropic';

export function carriedOf(value: unknown): JsonObject {
  const carried = isObject(value) ? value[CARRIED] : undefined;
  return isObject(carried) ? carried : {};
}

/** `{ anthropic: … }` to be spread into a hub object; nothing where there is nothing to carry. */
export function carry(members: JsonObject): { anthropic?: JsonObject } {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return present.length === 0 ? {} : { [CARRIED]: Object.fromEntries(present) };
}

/** A request as a face wants it that knows neither our member nor `cache_control`. The same object if it had none. */
export function withoutCarried(request: ChatRequest): ChatRequest {
  const { messages, tools } = request;
  return {
    ...bare(request),
    ...(messages ? { messages: messages.map(bareMessage) } : {}),
    ...(tools ? { tools: tools.map((tool): Tool => bare(tool)) } : {}),
  };
}

function bareMessage(message: ChatMessage): ChatMessage {
  const { tool_calls: calls } = message;
  const content = carriedOf(message)['is_error'] === true ? failed(message.content) : message.content;
  return {
    ...bare(message),
    ...(content === undefined
      ? {}
      : {
          content: Array.isArray(content)
            ? content.map((part: unknown) => (isObject(part) ? bare(part) : part))
            : content,
        }),
    ...(calls ? { tool_calls: calls.map((call): ToolCall => bare(call)) } : {}),
  };
}

/** The hub has no member for it, and the model should know that the tool has failed. */
function failed(content: unknown): unknown {
  if (typeof content === 'string') return /^\W*error/i.test(content) ? content : `Error: ${content}`;
  return Array.isArray(content) ? [{ type: 'text', text: 'Error:' }, ...content] : content;
}

/** A piece of an answer for a client that does not know our member. */
export function bareChunk(chunk: ChatChunk): ChatChunk {
  const { choices, usage } = chunk;
  return {
    ...bare(chunk),
    ...(choices
      ? {
          choices: choices.map((choice) => ({
            ...bare(choice),
            ...(choice.delta ? { delta: bareMessage(choice.delta) } : {}),
            ...(choice.usage ? { usage: bare(choice.usage) } : {}),
          })),
        }
      : {}),
    ...(usage ? { usage: bare(usage) } : {}),
  };
}

/** The same for a whole answer. */
export function bareCompletion(completion: ChatCompletion): ChatCompletion {
  const { choices, usage } = completion;
  return {
    ...bare(completion),
    ...(choices
      ? {
          choices: choices.map((choice) => ({
            ...bare(choice),
            ...(choice.message ? { message: bareMessage(choice.message) } : {}),
          })),
        }
      : {}),
    ...(usage ? { usage: bare(usage) } : {}),
  };
}

function bare<T extends object>(value: T): T {
  if (!(CARRIED in value) && !('cache_control' in value)) return value;
  const { [CARRIED]: _, cache_control: __, ...kept } = value as T & { anthropic?: unknown; cache_control?: unknown };
  return kept as unknown as T;
}
