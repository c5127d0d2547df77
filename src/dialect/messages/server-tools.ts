import type { Rule } from '../rule.ts';
import { without } from '../rule.ts';
import { isMembers } from './members.ts';

/** Every tool that the model can be given has a schema; the others are run by Anthropic's own servers or known to its models. */
const isOwn = (tool: unknown): boolean => isMembers(tool) && isMembers(tool['input_schema']);

export const serverTools: Rule = {
  id: 'server-tools',
  title: { en: "Tools of Anthropic's own", zh: 'Anthropic 自有工具' },
  why: "Tools without a schema (`web_search_20250305`, `computer_…`, `bash_…`, `text_editor_…`, `mcp_toolset`) exist only at Anthropic: its servers run them, or its models know them. Kimi's Anthropic faces take tools with `input_schema` alone, so the others are left out.",
  source: "the simulator's wording; for the Responses face router-for-me/CLIProxyAPI #5656",
  seen: '2026-09-09',
  when: ({ surface }) => surface === 'platform' || surface === 'coding',
  request: {
    reads: ['tools', 'tool_choice'],
    trigger: { members: ['tools'] },
    apply(request, { note }) {
      const tools: unknown = request.tools;
      if (!Array.isArray(tools)) return request;
      const kept: unknown[] = tools.filter(isOwn);
      if (kept.length === tools.length && kept.length > 0) return request;
      const gone = tools.filter((tool) => !isOwn(tool));
      for (const tool of gone) note(`the tool ${nameOf(tool)} exists only at Anthropic and is left out`);
      if (kept.length > 0) return { ...request, tools: kept as NonNullable<typeof request.tools> };
      if (gone.length === 0) note('an empty list of tools left out');
      return without(request, ['tools', 'tool_choice']);
    },
  },
};

function nameOf(tool: unknown): string {
  const { type, name } = isMembers(tool) ? tool : {};
  return String(type ?? name ?? 'without a type').slice(0, 60);
}
