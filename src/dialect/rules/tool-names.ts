import type { ChatMessage, ChatRequest, FunctionCall, Tool, ToolCall } from '../../chat/chat.ts';
import { isObject } from '../mfjs/json-value.ts';
import type { AnswerRepair, Rule } from '../rule.ts';
import { isValidToolName, ToolAliases } from '../tool-alias.ts';

/** The same list if `change` gave back each element. */
function mapSame<T>(list: readonly T[], change: (element: T) => T): readonly T[] {
  const mapped = list.map(change);
  return mapped.some((element, index) => element !== list[index]) ? mapped : list;
}

function nameOf(tool: Tool): string | undefined {
  return tool?.type === 'function' && typeof tool.function?.name === 'string' ? tool.function.name : undefined;
}

/** Of several different tools with one name, the one whose text comes first keeps it, in whatever order they stand. */
function renameTools(tools: readonly Tool[], aliases: ToolAliases): readonly Tool[] {
  const keepers = new Map<string, string>();
  const count = new Map<string, number>();
  for (const tool of tools) count.set(nameOf(tool) ?? '', (count.get(nameOf(tool) ?? '') ?? 0) + 1);
  const isRepeated = (name: string) => (count.get(name) ?? 0) > 1;
  for (const tool of tools) {
    const name = nameOf(tool);
    if (name === undefined || !isRepeated(name)) continue;
    const text = JSON.stringify(tool);
    const least = keepers.get(name);
    if (least === undefined || text < least) keepers.set(name, text);
  }
  return mapSame(tools, (tool) => {
    const name = nameOf(tool);
    if (name === undefined) return tool;
    const text = isRepeated(name) ? JSON.stringify(tool) : '';
    const sent = text === (keepers.get(name) ?? '') ? aliases.toKimi(name) : aliases.another(name, text);
    return sent === name ? tool : { ...tool, function: { ...tool.function, name: sent } };
  });
}

function renameCall<T extends FunctionCall | undefined>(call: T, rename: (name: string) => string): T {
  if (typeof call?.name !== 'string') return call;
  const name = rename(call.name);
  return name === call.name ? call : { ...call, name };
}

/** The calls of a message, in either of OpenAI's shapes. */
function renameInMessage<M extends ChatMessage>(message: M, rename: (name: string) => string): M {
  if (!isObject(message)) return message;
  const { tool_calls, function_call, name, role } = message as ChatMessage;
  const calls = Array.isArray(tool_calls)
    ? mapSame(tool_calls, (call: ToolCall) => {
        const inner = renameCall(call?.function, rename);
        return inner === call?.function || inner === undefined ? call : { ...call, function: inner };
      })
    : tool_calls;
  const legacy = renameCall(function_call, rename);
  const own = role === 'tool' && typeof name === 'string' ? rename(name) : name;
  if (calls === tool_calls && legacy === function_call && own === name) return message;
  return {
    ...message,
    ...(calls === tool_calls ? {} : { tool_calls: calls }),
    ...(legacy === function_call ? {} : { function_call: legacy }),
    ...(own === name ? {} : { name: own }),
  };
}

function renameChoice(choice: unknown, aliases: ToolAliases): unknown {
  if (!isObject(choice) || !isObject(choice['function'])) return choice;
  const named = renameCall(choice['function'], (name) => aliases.toKimi(name));
  return named === choice['function'] ? choice : { ...choice, function: named };
}

function backToClient(aliases: ToolAliases): AnswerRepair {
  const rename = (name: string) => aliases.toClient(name);
  return {
    needles: aliases.all.map((alias) => `"${alias}"`),
    chunk(chunk) {
      const choices = mapSame(chunk.choices ?? [], (choice) => {
        const delta = choice.delta && renameInMessage(choice.delta, rename);
        return delta === choice.delta || delta === undefined ? choice : { ...choice, delta };
      });
      return choices === (chunk.choices ?? choices) ? chunk : { ...chunk, choices };
    },
    completion(completion) {
      const choices = mapSame(completion.choices ?? [], (choice) => {
        const message = choice.message && renameInMessage(choice.message, rename);
        return message === choice.message || message === undefined ? choice : { ...choice, message };
      });
      return choices === (completion.choices ?? choices) ? completion : { ...completion, choices };
    },
  };
}

/** `messages` is only looked at where a tool was renamed: parsing a history costs most of all. */
function renameAll(request: ChatRequest, aliases: ToolAliases): ChatRequest {
  if (!Array.isArray(request.tools)) return request;
  const tools = renameTools(request.tools, aliases);
  if (tools === request.tools) return request;
  const { messages, tool_choice } = request;
  const rename = (name: string) => aliases.toKimi(name);
  const history = Array.isArray(messages) ? mapSame(messages, (message) => renameInMessage(message, rename)) : messages;
  const choice = renameChoice(tool_choice, aliases);
  return {
    ...request,
    tools,
    ...(history === undefined ? {} : { messages: history }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
  };
}

export const toolNames: Rule = {
  id: 'tool-names',
  title: { en: 'Tools have names that Kimi takes', zh: '工具名称符合 Kimi 的要求' },
  why: 'Kimi answers 400 to a name with a digit first, dots, slashes, other alphabets, fewer than 3 or more than 64 characters (`function name is invalid, must start with a letter …`) and to a name given to two tools. Such tools go up under a name made from their own with a hash, the same in every turn, in definitions, history and `tool_choice`, and come back under their own.',
  source: 'MoonshotAI/kimi-cli #1773, #2531; platform openapi.json (K2.6 copy); www.kimi.com/code/docs error reference',
  seen: '2026-09-02',
  when: ({ surface }) => surface === 'platform' || surface === 'coding',
  request: {
    reads: ['tools', 'tool_choice', 'messages'],
    // A history without tools is left as it is: no report says that the names in it are checked.
    dependsOn: 'tools',
    trigger: { members: ['tools'] },
    apply(request, { note, undo }) {
      const declared = Array.isArray(request.tools) ? request.tools.map((tool: Tool) => tool?.function?.name) : [];
      const aliases = new ToolAliases(
        declared.filter((name) => typeof name === 'string' && isValidToolName(name)).map(String),
      );
      const renamed = renameAll(request, aliases);
      if (renamed === request) return request;
      const names = aliases.all.slice(0, 5).map((alias) => `${aliases.toClient(alias)} sent as ${alias}`);
      note(`tool ${names.join(', ')}${aliases.all.length > 5 ? ` and ${aliases.all.length - 5} more` : ''}`);
      undo(backToClient(aliases));
      return renamed;
    },
  },
};
