import type { ChatMessage } from '../../chat/chat.ts';
import type { MessageOutline } from '../../chat/message-outline.ts';
import { isBlankContent, isBlankPart } from '../history/content-part.ts';
import { isMessage, mapMessages } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

/** Stands for a message of the user that is the one to be answered and says nothing. */
const NOTHING_SAID = '(empty message)';

function isSuspect({ role, content, parts, calls }: MessageOutline): boolean {
  if (parts.some(({ kind }) => kind === 'blank')) return true;
  const hasNone = content === 'absent' || content === 'null';
  const isEmptyList = content === 'parts' && parts.length === 0;
  const isBlank = content === 'empty' || content === 'blank' || isEmptyList;
  if (role === 'assistant') return isBlank || (hasNone && calls === undefined);
  return role === 'user' ? isBlank || hasNone : hasNone || isEmptyList;
}

interface Places {
  readonly last: number;
  /** The last message that is not an empty answer: the one to be answered. */
  readonly lastSaid: number;
}

function placesOf(messages: readonly ChatMessage[]): Places {
  const last = messages.length - 1;
  const isEmptyAnswer = (message: ChatMessage, index: number) =>
    isMessage(message) &&
    message.role === 'assistant' &&
    filled(message, index, { last, lastSaid: last }) === undefined;
  return { last, lastSaid: messages.findLastIndex((message, index) => !isEmptyAnswer(message, index)) };
}

/** The same message if it says something, undefined if it is to be left out. */
function filled(message: ChatMessage, index: number, { last, lastSaid }: Places): ChatMessage | undefined {
  const { content, role } = message;
  const kept = Array.isArray(content) ? content.filter((part) => !isBlankPart(part)) : undefined;
  const isSame = kept === undefined || kept.length === (content as unknown[]).length;
  if (!isBlankContent(content)) return isSame ? message : { ...message, content: kept };
  if (role === 'assistant') return filledAssistant(message, index === last);
  if (role === 'user') return index === lastSaid ? { ...message, content: NOTHING_SAID } : undefined;
  return typeof content === 'string' ? message : { ...message, content: '' };
}

/** A refusal, which OpenAI keeps beside the content, is what the assistant said. */
function filledAssistant(message: ChatMessage, isLast: boolean): ChatMessage | undefined {
  const { content, refusal, ...rest } = message;
  if (Array.isArray(message.tool_calls) && message.tool_calls.length > 0) {
    if (content === undefined || content === null) return message;
    const { content: _blank, ...withoutContent } = message;
    return withoutContent;
  }
  if (typeof refusal === 'string' && refusal.trim() !== '') return { ...rest, content: refusal };
  if (message.partial === true && isLast) return Array.isArray(content) ? { ...message, content: '' } : message;
  return undefined;
}

export const blankContent: Rule = {
  id: 'blank-content',
  title: { en: 'Messages must not be empty', zh: '消息内容不能为空' },
  why: "A stopped or thinking-only turn leaves an assistant message without text, which is a 400 for ever after (`the message at position N with role 'assistant' must not be empty`); so are blank texts beside tool calls and blank parts (`text content is empty`). What says nothing is left out, also where thoughts are with it: those do not make up for the text.",
  source:
    'MoonshotAI/kimi-code #1985; anomalyco/opencode #37887, #46577; Kilo-Org/kilocode #10276; MoonshotAI/kimi-cli end-to-end tests',
  seen: '2026-08-22',
  when: isKimiApi,
  refusal: /must not be empty|text content is empty/,
  request: {
    reads: ['messages'],
    trigger: {
      message: isSuspect,
    },
    apply(request, { note }) {
      const { messages } = request;
      if (!Array.isArray(messages)) return request;
      const places = placesOf(messages);
      const notes: string[] = [];
      const result = mapMessages(request, (message, index) => {
        const after = filled(message, index, places);
        if (after !== message) {
          notes.push(`messages[${index}] ${after === undefined ? 'is empty and left out' : 'freed of empty content'}`);
        }
        return after;
      });
      for (const text of notes) note(text);
      const isEmpty = result !== request && result.messages?.length === 0;
      return isEmpty ? { ...request, messages: [{ role: 'user', content: NOTHING_SAID }] } : result;
    },
  },
};
