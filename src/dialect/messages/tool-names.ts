import type { JsonDocument } from '../../chat/json-document.ts';
import type { Repair } from '../repair-request.ts';
import { toolNames } from '../rules/tool-names.ts';
import { isValidToolName, ToolAliases } from '../tool-alias.ts';
import { isMembers, type Members } from './members.ts';

export interface RenamedTools {
  readonly repair: Repair;
  /** The client's name of a tool that the answer calls. */
  toClient(name: string): string;
}

/**
 * Gives tools names that Kimi takes, in definitions and history, and tells how to take that back; undefined if all names
 * are fine. `needsHub` has seen to it that no name occurs twice and that no tool is forced.
 */
export function renameTools(document: JsonDocument): RenamedTools | undefined {
  const tools = document.get('tools');
  const names = Array.isArray(tools) ? tools.filter(isMembers).map(({ name }) => String(name)) : [];
  if (!Array.isArray(tools) || names.every(isValidToolName)) return undefined;
  const aliases = new ToolAliases(names.filter(isValidToolName));
  const after = tools.map((tool: unknown) => (isMembers(tool) ? renamed(tool, aliases) : tool));
  const history = document.get('messages');
  document.set('tools', after);
  document.set(
    'messages',
    Array.isArray(history) ? history.map((message: unknown) => inHistory(message, aliases)) : history,
  );
  const told = aliases.all.slice(0, 5).map((alias) => `${aliases.toClient(alias)} sent as ${alias}`);
  const what = `tool ${told.join(', ')}${aliases.all.length > 5 ? ` and ${aliases.all.length - 5} more` : ''}`;
  const changes = [{ member: 'tools', before: tools, after }];
  return { repair: { rule: toolNames.id, what, changes }, toClient: (name) => aliases.toClient(name) };
}

function renamed(named: Members, aliases: ToolAliases): Members {
  const name = aliases.toKimi(String(named['name']));
  return name === named['name'] ? named : { ...named, name };
}

/** The same message if it calls no tool of these. */
function inHistory(message: unknown, aliases: ToolAliases): unknown {
  const content = isMembers(message) ? message['content'] : undefined;
  if (!isMembers(message) || !Array.isArray(content)) return message;
  const blocks = content.map((block: unknown) =>
    isMembers(block) && block['type'] === 'tool_use' ? renamed(block, aliases) : block,
  );
  return blocks.some((block, index) => block !== content[index]) ? { ...message, content: blocks } : message;
}
