import type { ChatRequest, Tool } from '../../chat/chat.ts';
import { isObject, type JsonObject } from '../mfjs/json-value.ts';
import type { Rule } from '../rule.ts';

const WORDS = ['auto', 'none', 'required'];

/** OpenAI's value for another vendor's, or the same value where there is none or the meaning is not certain. */
function toOpenAI(choice: unknown): unknown {
  if (choice === 'any') return 'required';
  if (!isObject(choice) || typeof choice['type'] !== 'string') return choice;
  const { type, name } = choice;
  if (type === 'any') return 'required';
  if (WORDS.includes(type) && Object.keys(choice).length === 1) return type;
  // Anthropic's Messages and OpenAI's Responses name the function one level higher.
  const isNamed = type === 'tool' || (type === 'function' && choice['function'] === undefined);
  return isNamed && typeof name === 'string' ? { type: 'function', function: { name } } : choice;
}

/** OpenAI's `allowed_tools`, in the shape of either of its interfaces. */
function restrict(request: ChatRequest, choice: JsonObject): ChatRequest {
  const inner = isObject(choice['allowed_tools']) ? choice['allowed_tools'] : choice;
  const { mode, tools: allowed } = inner;
  const { tools } = request;
  if (!Array.isArray(allowed) || !Array.isArray(tools) || (mode !== 'auto' && mode !== 'required')) return request;
  const names = new Set(
    allowed.map((one) =>
      isObject(one) && isObject(one['function']) ? one['function']['name'] : isObject(one) && one['name'],
    ),
  );
  return { ...request, tools: tools.filter((tool: Tool) => names.has(tool?.function?.name)), tool_choice: mode };
}

export const toolChoiceWords: Rule = {
  id: 'tool-choice-words',
  title: { en: "Other vendors' words for tool_choice", zh: '其他写法的 tool_choice' },
  why: 'Clients send `any`, `{type: "tool", name}`, `{type: "function", name}` or `allowed_tools`; Kimi knows `auto`, `none`, `required` and the named function, and answers 400 to the rest. With `allowed_tools` the other tools are left out.',
  source:
    'platform openapi.json (K2.6 copy); Kimi-Vendor-Verifier test_tool_choice; Anthropic and OpenAI API references',
  seen: '2026-09-02',
  when: ({ surface }) => surface !== 'web',
  request: {
    reads: ['tool_choice', 'tools'],
    trigger: { members: ['tool_choice'] },
    apply(request, { note }) {
      const choice = request.tool_choice;
      if (isObject(choice) && choice['type'] === 'allowed_tools') {
        const restricted = restrict(request, choice);
        if (restricted !== request)
          note(`${restricted.tools?.length} allowed tools sent, tool_choice ${restricted.tool_choice}`);
        return restricted;
      }
      const written = toOpenAI(choice);
      if (written === choice) return request;
      note(`tool_choice ${JSON.stringify(choice)} sent as ${JSON.stringify(written)}`);
      return { ...request, tool_choice: written };
    },
  },
};
