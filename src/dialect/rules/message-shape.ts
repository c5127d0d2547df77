import type { ChatMessage } from '../../chat/chat.ts';
import { isPart } from '../history/content-part.ts';
import { isMessage } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

const ROLES = new Set(['system', 'user', 'assistant', 'tool']);
/** Names that other vendors and older libraries have for them. Everything else is somebody speaking to the model. */
const ROLE_NAMES: Readonly<Record<string, string>> = {
  developer: 'system',
  model: 'assistant',
  ai: 'assistant',
  bot: 'assistant',
  function: 'tool',
  ipython: 'tool',
};

function shaped(message: unknown): ChatMessage | undefined {
  if (typeof message === 'string') return { role: 'user', content: message };
  if (!isMessage(message)) return undefined;
  const changes = {
    ...roleChange(message),
    ...contentChange(message),
    ...idChange(message),
    ...callsChange(message),
  };
  if (Object.keys(changes).length === 0) return message;
  return Object.fromEntries(Object.entries({ ...message, ...changes }).filter(([, value]) => value !== undefined));
}

function roleChange({ role }: ChatMessage): Partial<ChatMessage> {
  if (typeof role === 'string' && ROLES.has(role)) return {};
  return { role: (typeof role === 'string' && ROLE_NAMES[role.toLowerCase()]) || 'user' };
}

function contentChange({ content }: ChatMessage): Partial<ChatMessage> {
  if (content === undefined || content === null || typeof content === 'string' || Array.isArray(content)) return {};
  if (isPart(content) && typeof content['type'] === 'string') return { content: [content] };
  return { content: typeof content === 'object' ? JSON.stringify(content) : String(content) };
}

function idChange({ tool_call_id: id }: ChatMessage): Partial<ChatMessage> {
  return id === undefined || id === null || typeof id === 'string' ? {} : { tool_call_id: String(id) };
}

function callsChange(message: ChatMessage): Record<string, unknown> {
  const calls: unknown = message.tool_calls;
  if (calls === undefined || calls === null) return {};
  const list = Array.isArray(calls) ? calls : [calls];
  const kept = list.filter(isPart);
  if (kept.length === 0) return { tool_calls: undefined };
  return kept.length === list.length && list === calls ? {} : { tool_calls: kept };
}

export const messageShape: Rule = {
  id: 'message-shape',
  title: { en: 'Messages are objects with one of four roles', zh: '消息结构与角色' },
  why: "Kimi knows the roles system, user, assistant and tool (else 400 `ROLE_UNSPECIFIED`), and content that is a string or an array of parts. Other vendors' names for roles, numbers and objects as content, and empty lists of tool calls become that.",
  source: 'platform openapi.json (K2.6 copy); openclaw/openclaw PR 21911, PR 22194',
  seen: '2026-09-02',
  when: isKimiApi,
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ odd, content, role, calls }) =>
        odd || content === 'other' || role === undefined || !ROLES.has(role) || calls?.length === 0,
    },
    apply(request, { note }) {
      const { messages } = request;
      if (!Array.isArray(messages)) return request;
      const result: ChatMessage[] = [];
      messages.forEach((message: unknown, index) => {
        const after = shaped(message);
        if (after !== message) note(`messages[${index}] ${after === undefined ? 'left out' : 'put into shape'}`);
        if (after !== undefined) result.push(after);
      });
      const isSame = result.length === messages.length && result.every((message, index) => message === messages[index]);
      return isSame ? request : { ...request, messages: result };
    },
  },
};
