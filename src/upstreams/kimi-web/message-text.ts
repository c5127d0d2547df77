import type { ChatMessage } from '../../chat/chat.ts';
import { GatewayError } from '../../errors.ts';
import { textAt } from './wire-value.ts';

/** The text of a message. Pictures and files are refused: the page uploads them in several steps of its own. */
export function textOfMessage({ content }: ChatMessage, index: number): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => textOfPart(part, index)).join('');
}

function textOfPart(part: unknown, index: number): string {
  const text = textAt(part, 'text');
  if (text !== undefined) return text;
  const type = textAt(part, 'type') ?? 'unknown';
  throw new GatewayError('unsupported_by_surface', {
    message: `The web chat takes text only; a message has a part of type '${type}'. Surfaces that take pictures: moonshot-cn, moonshot-ai, kimi-code.`,
    param: `messages[${index}].content`,
  });
}
