import type { ChatMessage } from '../../chat/chat.ts';
import { isPart, isTextPart, textPart } from '../history/content-part.ts';
import { counted, isMessage } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

const FOLLOWS = 'The result is shown in the next message of the user.';

const isMedia = (part: unknown) => isPart(part) && (part['type'] === 'image_url' || part['type'] === 'video_url');

function mediaOf(message: ChatMessage): readonly unknown[] {
  return isMessage(message) && message.role === 'tool' && Array.isArray(message.content)
    ? message.content.filter(isMedia)
    : [];
}

function withoutMedia(message: ChatMessage): ChatMessage {
  const rest = (message.content as readonly unknown[]).filter((part) => !isMedia(part));
  if (rest.length === 0) return { ...message, content: FOLLOWS };
  return { ...message, content: rest.every(isTextPart) ? rest.map(({ text }) => text).join('') : rest };
}

/** The pictures follow behind the last result of the block, because nothing may stand between calls and results. */
function separated(messages: readonly ChatMessage[]): { messages: readonly ChatMessage[]; count: number } {
  const result: ChatMessage[] = [];
  let pending: unknown[] = [];
  let count = 0;
  const flush = () => {
    if (pending.length > 0) result.push({ role: 'user', content: pending });
    pending = [];
  };
  for (const message of messages) {
    if (message?.role !== 'tool') flush();
    const media = mediaOf(message);
    result.push(media.length > 0 ? withoutMedia(message) : message);
    if (media.length === 0) continue;
    count += media.length;
    pending.push(textPart(`From the result of the tool call ${message.tool_call_id ?? ''}:`), ...media);
  }
  flush();
  return { messages: result, count };
}

export const toolResultMedia: Rule = {
  id: 'tool-result-media',
  title: { en: 'Pictures in tool results', zh: '工具结果中的图片' },
  why: 'Which models take pictures inside a tool result is not documented. All of them take text there and a message of the user with the picture behind it.',
  source: 'MoonshotAI/kimi-code kosong kimi.ts',
  seen: '2026-08-22',
  when: isKimiApi,
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ role, parts }) => role === 'tool' && parts.some(({ kind }) => kind === 'image' || kind === 'video'),
    },
    apply(request, { note }) {
      if (!Array.isArray(request.messages)) return request;
      const { messages, count } = separated(request.messages);
      if (count === 0) return request;
      note(`${counted(count, 'picture')} moved from tool results into messages behind them`);
      return { ...request, messages };
    },
  },
};
