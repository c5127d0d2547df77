import type { ChatRequest, Tool } from '../chat.ts';
import { given, isObject, type JsonObject, rest } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { isSearchType, optionsOfTool, type WebSearchOptions } from '../web-search.ts';
import { carriedOf, carry } from './carried.ts';
import type { AnthropicTool } from './messages.ts';

/** A tool that only Anthropic's own server or model knows, and where it stood in the list. */
interface ForeignTool {
  readonly at: number;
  readonly tool: AnthropicTool;
}

interface HubTools {
  readonly tools?: readonly Tool[];
  readonly foreign?: readonly ForeignTool[];
  /** The search of the web, for which the hub has a member. */
  readonly search?: WebSearchOptions;
}

/** Tools with a schema become functions; server tools are left out of the hub's list and carried beside it. */
export function toHubTools(tools: readonly AnthropicTool[] | undefined, notes: Notes): HubTools {
  if (tools === undefined) return {};
  const foreign: ForeignTool[] = [];
  const functions: Tool[] = [];
  let search: WebSearchOptions | undefined;
  for (const [at, tool] of tools.entries()) {
    if (tool.input_schema !== undefined) functions.push(toFunction(tool));
    else {
      foreign.push({ at, tool });
      if (isSearchType(tool.type)) search ??= optionsOfTool(tool);
      else
        notes.add(
          `the tool ${tool.name ?? tool.type ?? ''} (${tool.type ?? 'no type'}) exists only at Anthropic and is left out`,
        );
    }
  }
  return { tools: functions, ...(foreign.length > 0 ? { foreign } : {}), ...given('search', search) };
}

function toFunction(tool: AnthropicTool): Tool {
  const { name, description, input_schema, strict, cache_control } = tool;
  return {
    type: 'function',
    function: {
      ...given('name', name),
      ...given('description', description),
      parameters: input_schema,
      ...given('strict', strict),
    },
    ...given('cache_control', cache_control),
    ...carry(rest(tool, 'name', 'description', 'input_schema', 'strict', 'cache_control')),
  };
}

export function toAnthropicTools(request: ChatRequest, notes: Notes): readonly AnthropicTool[] | undefined {
  const { foreign } = carriedOf(request) as { readonly foreign?: readonly ForeignTool[] };
  if (request.tools === undefined) return undefined;
  const tools = request.tools.flatMap((tool) => toAnthropicTool(tool, notes));
  for (const { at, tool } of foreign ?? []) tools.splice(at, 0, tool);
  return tools;
}

function toAnthropicTool(tool: Tool, notes: Notes): AnthropicTool[] {
  const target = tool.function;
  if (tool.type !== 'function' || target === undefined) {
    notes.add(`a tool of type ${tool.type ?? 'unknown'} has no counterpart`);
    return [];
  }
  return [
    {
      ...given('name', target.name),
      ...given('description', target.description),
      input_schema: target.parameters ?? { type: 'object', properties: {} },
      ...given('strict', target.strict),
      ...carriedOf(tool),
      ...given('cache_control', tool['cache_control']),
    },
  ];
}

const TO_HUB: Readonly<Record<string, string>> = { auto: 'auto', any: 'required', none: 'none' };
const TO_ANTHROPIC: Readonly<Record<string, string>> = { auto: 'auto', required: 'any', none: 'none' };

export function toHubChoice(choice: unknown, notes: Notes): JsonObject {
  if (!isObject(choice)) return {};
  const { type, name, disable_parallel_tool_use: alone } = choice;
  const parallel = typeof alone === 'boolean' ? { parallel_tool_calls: !alone } : {};
  if (type === 'tool') return { tool_choice: { type: 'function', function: { name } }, ...parallel };
  const word = TO_HUB[String(type)];
  if (word === undefined) notes.add(`tool_choice ${String(type)} is not known`);
  return { ...given('tool_choice', word), ...parallel };
}

/** For a face that never hears of the tools that only Anthropic has: a choice of one of these chooses nothing there. */
export function withoutForeignChoice(request: ChatRequest): { request: ChatRequest; notes: readonly string[] } {
  const { tool_choice: choice, ...rest } = request;
  const { foreign = [] } = carriedOf(request) as { readonly foreign?: readonly ForeignTool[] };
  const name = isObject(choice) && isObject(choice['function']) ? choice['function']['name'] : undefined;
  const isForeign = foreign.some(({ tool }) => tool.name === name && !isSearchType(tool.type));
  if (name === undefined || !isForeign || request.tools?.some((tool) => tool.function?.name === name)) {
    return { request, notes: [] };
  }
  return { request: rest, notes: [`tool_choice names ${String(name)}, which is left out`] };
}

export function toAnthropicChoice(request: ChatRequest, notes: Notes): JsonObject {
  const { tool_choice: choice, parallel_tool_calls: parallel } = request;
  const alone = typeof parallel === 'boolean' ? { disable_parallel_tool_use: !parallel } : {};
  if (choice === undefined || choice === null) {
    return parallel === false && request.tools?.length ? { tool_choice: { type: 'auto', ...alone } } : {};
  }
  const target = isObject(choice) && isObject(choice['function']) ? choice['function']['name'] : undefined;
  if (typeof target === 'string') return { tool_choice: { type: 'tool', name: target, ...alone } };
  const type = TO_ANTHROPIC[String(choice)];
  if (type === undefined) notes.add('a tool_choice of this kind has no counterpart');
  return type === undefined ? {} : { tool_choice: { type, ...(type === 'none' ? {} : alone) } };
}
