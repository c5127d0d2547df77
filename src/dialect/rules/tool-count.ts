import type { Tool } from '../../chat/chat.ts';
import { GatewayError } from '../../errors.ts';
import type { Rule } from '../rule.ts';

const MAX_TOOLS = 128;

/** The first of several tools that are the same to the last member. */
function distinct(tools: readonly Tool[]): readonly Tool[] {
  const seen = new Map<string, string[]>();
  const kept = tools.filter((tool) => {
    const name = String(tool?.function?.name);
    const others = seen.get(name);
    if (others === undefined) {
      seen.set(name, []);
      return true;
    }
    // The text is only made for names that occur twice.
    if (others.length === 0)
      others.push(
        ...tools
          .filter((one) => String(one?.function?.name) === name)
          .slice(0, 1)
          .map(textOf),
      );
    const text = textOf(tool);
    if (others.includes(text)) return false;
    others.push(text);
    return true;
  });
  return kept.length === tools.length ? tools : kept;
}

function textOf(tool: Tool): string {
  return JSON.stringify(tool) ?? 'undefined';
}

export const toolCount: Rule = {
  id: 'tool-count',
  title: { en: 'A tool is declared once, and at most 128 of them', zh: '工具不得重复，且最多 128 个' },
  why: "Kimi answers 400 to a name that is declared twice (`function name X is duplicated`) and to more than 128 tools. Exact repeats are dropped; too many are refused here with the count, because which ones to give up is the client's choice.",
  source: 'platform openapi.json (K2.6 copy); www.kimi.com/code/docs error reference; MoonshotAI/kimi-cli #2475',
  seen: '2026-09-02',
  when: ({ surface }) => surface === 'platform' || surface === 'coding',
  request: {
    reads: ['tools'],
    dependsOn: 'tools',
    trigger: { members: ['tools'] },
    apply(request, { note }) {
      const { tools } = request;
      if (!Array.isArray(tools)) return request;
      const kept = distinct(tools);
      if (kept.length > MAX_TOOLS) {
        throw new GatewayError('invalid_request', {
          message: `The request declares ${kept.length} tools; Kimi takes at most ${MAX_TOOLS}.`,
          hint: 'Turn off tools or MCP servers that the task does not need.',
          param: 'tools',
        });
      }
      if (kept === tools) return request;
      note(`${tools.length - kept.length} repeated tools left out`);
      return { ...request, tools: kept };
    },
  },
};
