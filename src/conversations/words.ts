import type { ChatMessage } from '../chat/chat.ts';

/** The words of a longer turn are found by its beginning only. */
const WORDS_KEPT = 65_536;
const TITLE_LENGTH = 80;

/** The text that a message shows; what is not text is named in brackets. */
export function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map(textOfPart).join('\n');
}

function textOfPart(part: unknown): string {
  if (typeof part !== 'object' || part === null) return '';
  if ('text' in part && typeof part.text === 'string') return part.text;
  return 'type' in part && typeof part.type === 'string' ? `[${part.type}]` : '';
}

/** What a search looks through: small letters, nothing that a database cannot hold. */
export function searchable(text: string): string {
  return text.toLowerCase().toWellFormed().replaceAll('\0', ' ');
}

export function wordsOf(messages: readonly ChatMessage[]): string {
  return searchable(messages.map(textOf).join('\n').slice(0, WORDS_KEPT));
}

/** The first line that the user said. */
export function titleOf(messages: readonly ChatMessage[]): string {
  const said = messages.find(({ role }) => role === 'user') ?? messages[0];
  const [line = ''] = (said === undefined ? '' : textOf(said)).trim().split(/\r?\n/);
  return shortTitle(line);
}

export function shortTitle(text: string): string {
  const plain = text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  const letters = [...plain];
  return letters.length > TITLE_LENGTH ? `${letters.slice(0, TITLE_LENGTH).join('')}…` : plain;
}
