import type { ToolCall } from '../chat.ts';
import { freeInputOf } from '../free-input.ts';
import { isObject, type JsonObject, textOr } from '../json-object.ts';
import { toHubCallId } from './call-id.ts';
import type { Item } from './responses.ts';
import type { ClientTool, ToolMap } from './tool-map.ts';
import type { ToolKind } from './tool-shapes.ts';

const KINDS: Readonly<Record<string, ToolKind>> = {
  function_call: 'function',
  custom_tool_call: 'custom',
  local_shell_call: 'local_shell',
  shell_call: 'shell',
  apply_patch_call: 'apply_patch',
  tool_search_call: 'tool_search',
};

/** A call in a history as a chat has it; undefined if the item is none of a tool that is to be had here. */
export function toHubCall(item: Item, tools: ToolMap): ToolCall | undefined {
  const kind = KINDS[item.type ?? ''];
  // What OpenAI's own search found is in the history as tools; a call without an id is one of its server's.
  if (kind === undefined || (kind === 'tool_search' && item['execution'] === 'server')) return undefined;
  const isNamed = kind === 'function' || kind === 'custom';
  const name = isNamed ? textOr(item['name'], '') : kind;
  const namespace = item['namespace'];
  const tool: ClientTool = { kind, name, ...(typeof namespace === 'string' ? { namespace } : {}) };
  return {
    id: toHubCallId(callIdOf(item)),
    type: 'function',
    function: { name: tools.nameOf(tool), arguments: argumentsOf(kind, item) },
  };
}

/** Some clients know a call of the local shell by the id of its item alone. */
export function callIdOf(item: Item): string {
  return textOr(item['call_id'], textOr(item.id, ''));
}

function argumentsOf(kind: ToolKind, item: Item): string {
  switch (kind) {
    case 'function':
    case 'tool_search': {
      const given = item['arguments'];
      return typeof given === 'string' ? given : JSON.stringify(given ?? {});
    }
    case 'custom':
      return JSON.stringify({ input: textOr(item['input'], '') });
    case 'local_shell':
      return JSON.stringify(withoutType(item['action']));
    case 'shell':
      return JSON.stringify(withoutNulls(item['action']));
    case 'apply_patch':
      return JSON.stringify(item['operation'] ?? {});
    default:
      return kind satisfies never;
  }
}

function withoutNulls(value: unknown): JsonObject {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

function withoutType(action: unknown): JsonObject {
  const { type: _, env, ...rest } = withoutNulls(action);
  return isObject(env) && Object.keys(env).length > 0 ? { ...rest, env } : rest;
}

/** A whole call of the model as the item that the client's tool makes of it. */
export interface WholeCall {
  readonly itemId: string;
  readonly callId: string;
  readonly tool: ClientTool;
  readonly arguments: string;
  readonly status: string;
}

export function toCallItem({ itemId: id, callId: call_id, tool, arguments: said, status }: WholeCall): Item {
  const named = { name: tool.name, ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }) };
  switch (tool.kind) {
    case 'function':
      return { id, type: 'function_call', status, call_id, ...named, arguments: said };
    case 'custom':
      return { id, type: 'custom_tool_call', status, call_id, ...named, input: freeInputOf(said) };
    case 'local_shell':
      return { id, type: 'local_shell_call', status, call_id, action: localAction(parsed(said)) };
    case 'shell':
      return { id, type: 'shell_call', status, call_id, action: shellAction(parsed(said)) };
    case 'apply_patch':
      return { id, type: 'apply_patch_call', status, call_id, operation: patchOf(parsed(said)) };
    case 'tool_search':
      return { id, type: 'tool_search_call', status, call_id, execution: 'client', arguments: parsed(said) };
    default:
      return tool.kind satisfies never;
  }
}

/** Arguments that are no object say nothing: the client refuses what is missing, and the model reads why. */
function parsed(said: string): JsonObject {
  try {
    const value: unknown = JSON.parse(said);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

// What was said keeps its order, so that the history goes up again with the bytes that the surface has cached.

function localAction(said: JsonObject): JsonObject {
  const { command, env } = said;
  const words =
    typeof command === 'string' ? ['bash', '-lc', command] : Array.isArray(command) ? command.map(String) : [];
  return { ...said, command: words, type: 'exec', env: isObject(env) ? env : {} };
}

function shellAction(said: JsonObject): JsonObject {
  const { commands, timeout_ms = null, max_output_length = null } = said;
  const lines = typeof commands === 'string' ? [commands] : Array.isArray(commands) ? commands.map(String) : [];
  return { ...said, commands: lines, timeout_ms, max_output_length };
}

function patchOf(said: JsonObject): JsonObject {
  const { type, path, diff } = said;
  const kind = textOr(type, 'update_file');
  return {
    ...said,
    type: kind,
    path: textOr(path, ''),
    ...(kind === 'delete_file' ? {} : { diff: textOr(diff, '') }),
  };
}
