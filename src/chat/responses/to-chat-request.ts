import type { ChatMessage, ChatRequest } from '../chat.ts';
import { given, isObject, type JsonObject, rest } from '../json-object.ts';
import { Notes } from '../notes.ts';
import { addToolsOf, toHubMessages } from './history.ts';
import { SEARCH_SOURCES } from './response-frame.ts';
import type { Item, ResponsesRequest } from './responses.ts';
import { toHubChoice } from './tool-choice.ts';
import { ToolMap } from './tool-map.ts';

/** Members with the same name and meaning in a chat; Kimi's dialect drops in sight those that Kimi has not. */
const ALIKE = [
  'model',
  'temperature',
  'top_p',
  'parallel_tool_calls',
  'metadata',
  'service_tier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'user',
] as const;

/** Members that are said in the hub's words, belong to the gateway or have nothing behind them here. */
const SAID = [
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'previous_response_id',
  'conversation',
  'stream',
  'stream_options',
  'store',
  'background',
  'include',
  'truncation',
  'max_output_tokens',
  'reasoning',
  'text',
];

/** Members of OpenAI's own service; what they ask for does not exist here. */
const FOREIGN = [
  'top_logprobs',
  'max_tool_calls',
  'context_management',
  'moderation',
  'prompt_cache_options',
  'image',
  'access_programs',
  'client_metadata',
];

export interface Converted {
  readonly request: ChatRequest;
  /** For the way back: which tool each function stands for. */
  readonly tools: ToolMap;
  readonly notes: readonly string[];
}

/**
 * A Responses request as a chat request. `items`: the whole history with this request's input at its end. What nobody knows
 * goes along, as it does in a chat: `thinking` reaches Kimi.
 */
export function toChatRequest(request: ResponsesRequest, items: readonly Item[]): Converted {
  const notes = new Notes();
  const tools = new ToolMap();
  tools.add(request.tools ?? [], notes);
  addToolsOf(items, tools, notes);
  const messages = [...instructionsOf(request, tools, notes), ...toHubMessages(items, tools, notes)];
  for (const member of FOREIGN) if (member in request) notes.add(`${member} has nothing behind it here`);
  noteIncludes(request, notes);
  const hub: ChatRequest = {
    ...Object.fromEntries(ALIKE.flatMap((member) => (member in request ? [[member, request[member]]] : []))),
    messages,
    ...(request.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...given('max_completion_tokens', request.max_output_tokens),
    ...given('tools', tools.functions),
    ...given('web_search_options', tools.search),
    ...given('tool_choice', toHubChoice(request.tool_choice, tools, notes)),
    ...given('reasoning_effort', request.reasoning?.effort ?? undefined),
    ...given('verbosity', request.text?.verbosity ?? undefined),
    ...given('response_format', formatOf(request.text?.format)),
    ...rest(request, ...ALIKE, ...SAID, ...FOREIGN),
  };
  return { request: hub, tools, notes: notes.list() };
}

function instructionsOf({ instructions }: ResponsesRequest, tools: ToolMap, notes: Notes): ChatMessage[] {
  if (instructions === undefined || instructions === '') return [];
  if (typeof instructions === 'string') return [{ role: 'system', content: instructions }];
  return toHubMessages(instructions, tools, notes);
}

/** `text.format`, whose schema stands one level higher than in a chat. */
function formatOf(format: unknown): JsonObject | undefined {
  if (!isObject(format)) return undefined;
  if (format['type'] === 'text') return undefined;
  if (format['type'] !== 'json_schema') return format;
  return { type: 'json_schema', json_schema: rest(format, 'type') };
}

/** Parts of answers that can be asked for and that are here: the reasoning, sealed; what was found. Pictures are never left out. */
const INCLUDED = ['reasoning.encrypted_content', 'message.input_image.image_url', SEARCH_SOURCES];

function noteIncludes({ include }: ResponsesRequest, notes: Notes): void {
  for (const wish of include ?? []) {
    if (!INCLUDED.includes(String(wish))) notes.add(`include ${String(wish)}: there is nothing of the kind here`);
  }
}
