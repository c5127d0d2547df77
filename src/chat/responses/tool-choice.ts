import { isObject, textOr } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { isSearchType } from '../web-search.ts';
import type { ToolMap } from './tool-map.ts';
import { isToolKind } from './tool-shapes.ts';

/** `tool_choice` in the words of a chat; undefined where nothing can be said. */
export function toHubChoice(choice: unknown, tools: ToolMap, notes: Notes): unknown {
  if (!isObject(choice)) return choice;
  if (choice['type'] === 'allowed_tools') {
    const named = Array.isArray(choice['tools']) ? choice['tools'] : [];
    const allowed = named.flatMap((tool: unknown) => namesOf(tool, tools));
    return {
      type: 'allowed_tools',
      allowed_tools: { mode: choice['mode'] ?? 'auto', tools: allowed.map(toNamed) },
    };
  }
  if (isSearchType(choice['type']) && tools.search !== undefined) return { type: 'web_search' };
  const [name] = namesOf(choice, tools);
  if (name !== undefined) return toNamed(name);
  notes.add(`tool_choice ${textOr(choice['type'], 'of no type')} names a tool that is not to be had here`);
  return undefined;
}

function toNamed(name: string): object {
  return { type: 'function', function: { name } };
}

/** The functions that a choice means: one for a tool, all of them for a namespace. */
function namesOf(choice: unknown, tools: ToolMap): string[] {
  if (!isObject(choice)) return [];
  const { type } = choice;
  const name = textOr(choice['name'], '');
  if (type === 'namespace') return tools.namesIn(name);
  if (!isToolKind(type)) return [];
  const isNamed = type === 'function' || type === 'custom';
  const namespace = choice['namespace'];
  const tool = { kind: type, name: isNamed ? name : type };
  return [tools.nameOf(typeof namespace === 'string' ? { ...tool, namespace } : tool)];
}
