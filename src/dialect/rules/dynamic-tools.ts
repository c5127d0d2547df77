import type { ChatMessage, ChatRequest, Tool } from '../../chat/chat.ts';
import { isBlankContent } from '../history/content-part.ts';
import { counted, isMessage } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import { isMfjs } from '../mfjs/is-mfjs.ts';
import type { Rule, Situation } from '../rule.ts';
import { isValidToolName } from '../tool-alias.ts';

/** K3 and its successors, under the names of either surface. */
function knowsDynamicTools({ model }: Situation): boolean {
  return model?.family === 'k3' || (model?.family === 'coding' && model.efforts.length > 0);
}

function isSound(tool: Tool): boolean {
  const name = tool?.function?.name;
  const parameters = tool?.function?.parameters;
  const isNamed = tool?.type === 'function' && typeof name === 'string' && isValidToolName(name);
  return isNamed && (parameters === undefined || parameters === null || isMfjs(parameters));
}

/** Whether K3 takes every declaration where it stands. A call that is demanded is one of `tools`. */
function isAccepted(request: ChatRequest, declaring: readonly ChatMessage[]): boolean {
  const { tool_choice: choice = 'auto' } = request;
  if (choice !== null && choice !== 'auto' && choice !== 'none') return false;
  const inMessages = declaring.flatMap((message) =>
    Array.isArray(message['tools']) ? (message['tools'] as Tool[]) : [],
  );
  const all = [...(request.tools ?? []), ...inMessages].map((tool) => tool?.function?.name);
  const isInPlace = ({ role, content, tools }: ChatMessage) =>
    role === 'system' && content === '' && Array.isArray(tools) && tools.length > 0;
  return declaring.every(isInPlace) && inMessages.every(isSound) && new Set(all).size === all.length;
}

/** The last declaration of a name counts; those of the messages stand behind the others, in their order. */
function gathered(request: ChatRequest, declaring: readonly ChatMessage[]): readonly Tool[] {
  const tools = new Map<unknown, Tool>();
  const lists = [request.tools, ...declaring.map((message) => message['tools'])];
  for (const tool of lists.flatMap((list) => (Array.isArray(list) ? (list as Tool[]) : []))) {
    tools.set(tool?.function?.name ?? tool, tool);
  }
  return [...tools.values()];
}

export const dynamicTools: Rule = {
  id: 'dynamic-tools',
  title: { en: 'Tools declared in messages', zh: '消息中声明的工具' },
  why: 'K3 takes tools in system messages, with empty content beside them and no name twice; other models answer 400 to them. What the model does not take where it stands goes into `tools`, which has the same effect; a tool that is declared again there counts as it was declared last, because K3 ignores a second declaration.',
  source: 'Kimi-Vendor-Verifier test_dynamic_tools; npm @earendil-works/pi-ai 1.5.2',
  seen: '2026-11-10',
  when: isKimiApi,
  request: {
    reads: ['messages', 'tools', 'tool_choice'],
    trigger: { message: ({ tools }) => tools },
    apply(request, { situation, note }) {
      const { messages } = request;
      if (!Array.isArray(messages)) return request;
      const declaring = messages.filter((message) => isMessage(message) && 'tools' in message);
      if (knowsDynamicTools(situation) && isAccepted(request, declaring)) return request;
      const tools = gathered(request, declaring);
      note(`tools of ${counted(declaring.length, 'message')} moved to tools`);
      const rest = messages.flatMap((message: ChatMessage): ChatMessage[] => {
        if (!declaring.includes(message)) return [message];
        const { tools: _, ...kept } = message;
        return isBlankContent(kept.content) && kept.role === 'system' ? [] : [kept];
      });
      return { ...request, messages: rest, ...(tools.length > 0 ? { tools } : {}) };
    },
  },
};
