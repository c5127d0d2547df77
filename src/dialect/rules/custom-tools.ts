import type { ChatMessage, ChatRequest, Tool, ToolCall } from '../../chat/chat.ts';
import { functionForFree } from '../../chat/free-tool.ts';
import { isObject, textOr } from '../../chat/json-object.ts';
import { backToCustom } from '../free-calls.ts';
import { mapMessages } from '../history/map-messages.ts';
import type { Rule } from '../rule.ts';

/** `{ type: 'custom', custom: {…} }`, as declared, chosen and called. */
function customIn(value: unknown): { readonly name: string; readonly [member: string]: unknown } | undefined {
  const custom = isObject(value) && value['type'] === 'custom' ? value['custom'] : undefined;
  return isObject(custom) ? { ...custom, name: textOr(custom['name'], '') } : undefined;
}

function toFunction(tool: Tool): Tool {
  const custom = customIn(tool);
  if (custom === undefined) return tool;
  const { name, description, format } = custom;
  return { type: 'function', function: { name, ...functionForFree(textOr(description, ''), format) } };
}

function toFunctionCall(call: ToolCall): ToolCall {
  const custom = customIn(call);
  if (custom === undefined) return call;
  const { custom: _, ...rest } = call;
  const said = JSON.stringify({ input: textOr(custom['input'], '') });
  return { ...rest, type: 'function', function: { name: custom.name, arguments: said } };
}

function withFunctionCalls(message: ChatMessage): ChatMessage {
  const { tool_calls: calls } = message;
  if (!Array.isArray(calls) || !calls.some(customIn)) return message;
  return { ...message, tool_calls: calls.map(toFunctionCall) };
}

export const customTools: Rule = {
  id: 'custom-tools',
  title: { en: 'Free-form tools are called functions', zh: '自由格式工具转换为 functions' },
  why: 'OpenAI\'s free-form tools (`type: "custom"`, with or without a grammar) are not in Kimi\'s schema: 400 `tool type "custom" is not supported`. Each goes up as a function with one string `input`, and a call of it comes back as the custom call that it stands for. A grammar is told to the model and not enforced.',
  source: "npm openai 7.57.0, ChatCompletionCustomTool; the simulator's wording",
  seen: '2026-11-20',
  when: ({ surface }) => surface !== 'web' && surface !== 'compatible',
  request: {
    reads: ['tools', 'tool_choice', 'messages'],
    trigger: {
      text: { within: 'tools', text: '"custom"' },
      message: ({ calls }) => calls?.some(({ sound }) => !sound) === true,
    },
    apply(request, { note, undo }) {
      const { tools, tool_choice: choice } = request;
      const names = Array.isArray(tools) ? tools.flatMap((tool) => customIn(tool)?.name ?? []) : [];
      const history = mapMessages(request, withFunctionCalls);
      if (names.length === 0) {
        if (history !== request) note('custom calls of the history sent as function calls');
        return history;
      }
      note(`custom tool ${names.slice(0, 5).join(', ')} sent as a function with one string`);
      undo(backToCustom(new Set(names)));
      const chosen = customIn(choice);
      return {
        ...history,
        tools: (tools ?? []).map(toFunction),
        ...(chosen ? { tool_choice: { type: 'function', function: { name: chosen.name } } } : {}),
      } satisfies ChatRequest;
    },
  },
};
