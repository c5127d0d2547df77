import type { ChatRequest, Tool } from '../../chat/chat.ts';
import { isObject } from '../mfjs/json-value.ts';
import { type Rule, type Situation, type Turn, without } from '../rule.ts';
import { askForToolCall } from '../tool-call-retry.ts';

/** How a model is made to call a tool. */
type Way = 'pass' | 'stop-thinking' | 'nudge';

function wayFor({ model, thinking }: Situation): Way {
  switch (model?.family) {
    case 'k3':
      return 'pass';
    case 'coding':
      // Those with an effort are k3 and its successors; the quick one is of the K2 line and always thinks.
      return model.efforts.length > 0 ? 'pass' : 'nudge';
    case 'k2-toggle':
      return thinking ? 'stop-thinking' : 'pass';
    case 'k2-thinking':
    case 'k2-plain':
    case 'v1':
    case undefined:
      return 'nudge';
  }
}

function nameIn(choice: unknown): string | undefined {
  const named = isObject(choice) && choice['type'] === 'function' ? choice['function'] : undefined;
  const name = isObject(named) ? named['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Only one tool is left to be called: at the price of the cached prefix of this one call, the right one is. */
function onlyTool(request: ChatRequest, name: string): ChatRequest {
  const { tools } = request;
  if (tools?.length === 1) return request;
  return { ...request, tools: (tools ?? []).filter((tool: Tool) => tool?.function?.name === name) };
}

function stopThinking(request: ChatRequest, choice: string, { note }: Turn): ChatRequest {
  note(`thinking disabled for tool_choice ${choice}`);
  return { ...request, thinking: { type: 'disabled' } };
}

function nudge(request: ChatRequest, name: string | undefined, { note, onRetry }: Turn): ChatRequest {
  note(`tool_choice ${name ?? 'required'} sent as auto, asked again if no tool is called`);
  onRetry(askForToolCall(name));
  return { ...(name === undefined ? request : onlyTool(request, name)), tool_choice: 'auto' };
}

export const toolChoice: Rule = {
  id: 'tool-choice',
  title: { en: 'A tool call can be demanded of every model', zh: '每个模型都支持强制调用工具' },
  why: "`required` works on k3; a named function is ignored there, so that only its tool is sent, with `required` (that costs the cached prefix of this call, and in return no other tool can be called). While a K2 model thinks, both are 400 (`tool_choice 'required' is incompatible with thinking enabled`): kimi-k2.6 stops thinking for this call, and models that cannot stop are asked with `auto` and once more if they call no tool. `required` without tools is a 400, too, and left out.",
  source:
    'can1357/oh-my-pi #1077, #1078; simstudioai/sim PR 5716; UKGovernmentBEIS/inspect_ai PR 5152; Kimi-Vendor-Verifier test_tool_choice; migration guide from OpenAI to Kimi',
  seen: '2026-09-02',
  when: ({ surface }) => surface === 'platform' || surface === 'coding',
  request: {
    reads: ['tool_choice', 'tools', 'thinking'],
    trigger: { members: ['tool_choice'] },
    apply(request, turn) {
      const { tool_choice: choice, tools } = request;
      const count = Array.isArray(tools) ? tools.length : 0;
      const name = nameIn(choice);
      if (count === 0 && (choice === 'required' || name !== undefined)) {
        turn.note(`tool_choice ${name ?? 'required'} left out, there are no tools`);
        return without(request, ['tool_choice']);
      }
      const isDeclared = Array.isArray(tools) && tools.some((tool: Tool) => tool?.function?.name === name);
      if (choice !== 'required' && (name === undefined || !isDeclared)) return request;
      const way = wayFor(turn.situation);
      if (way === 'stop-thinking') return stopThinking(request, name ?? 'required', turn);
      if (way === 'nudge') return nudge(request, name, turn);
      if (name === undefined || turn.situation.model?.family === 'k2-toggle') return request;
      turn.note(`tool_choice ${name} sent as required, with this tool alone`);
      return { ...onlyTool(request, name), tool_choice: 'required' };
    },
  },
};
