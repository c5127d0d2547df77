import type { ChatMessage } from '../chat.ts';
import { isObject, type JsonObject, textOr } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { toHubCallId } from './call-id.ts';
import { callIdOf } from './calls.ts';
import { toHubContent } from './content.ts';
import type { Item, ResponsesTool } from './responses.ts';
import type { ToolMap } from './tool-map.ts';

/** What a tool of the client's gave back, as a tool message; undefined if the item is none of these. */
export function toToolMessage(item: Item, callId: string, tools: ToolMap, notes: Notes): ChatMessage | undefined {
  const content = contentOf(item, tools, notes);
  return content === undefined ? undefined : { role: 'tool', tool_call_id: callId, content };
}

function contentOf(item: Item, tools: ToolMap, notes: Notes): string | JsonObject[] | undefined {
  const { output } = item;
  switch (item.type) {
    case 'function_call_output':
    case 'custom_tool_call_output':
    case 'local_shell_call_output':
      return toHubContent(output, notes);
    case 'shell_call_output':
      return Array.isArray(output) ? output.filter(isObject).map(told).join('\n') : toHubContent(output, notes);
    case 'apply_patch_call_output':
      return textOr(output, '') || `The patch was ${item['status'] === 'failed' ? 'not applied' : 'applied'}.`;
    case 'tool_search_output':
      return foundTools(item['tools'], tools);
    default:
      return undefined;
  }
}

/** The call that an output answers. OpenAI's local shell names it by the id of the item. */
export function answeredCall(item: Item, callOfItem: ReadonlyMap<string, string>): string {
  const id = callIdOf(item);
  return callOfItem.get(id) ?? toHubCallId(id);
}

function told({ stdout, stderr, outcome }: JsonObject): string {
  const said = [textOr(stdout, ''), textOr(stderr, '')].filter((text) => text !== '').join('\n');
  if (!isObject(outcome)) return said;
  const end = outcome['type'] === 'timeout' ? 'timed out' : `exit code ${String(outcome['exit_code'] ?? 'unknown')}`;
  return `${said}${said === '' ? '' : '\n'}[${end}]`;
}

function foundTools(found: unknown, tools: ToolMap): string {
  const names = Array.isArray(found) ? tools.functionsFor(found as readonly ResponsesTool[]) : [];
  return names.length === 0 ? 'No tool was found.' : `These tools can be called now: ${names.join(', ')}.`;
}
