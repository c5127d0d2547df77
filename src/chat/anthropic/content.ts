import { given, isObject, type JsonObject, rest, textOr } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { carriedOf, carry } from './carried.ts';
import { textOfForeign } from './foreign-block.ts';
import { blockOfMedia, partOfMedia } from './media.ts';
import type { Block } from './messages.ts';

/** The blocks of a user's or system's message, or of a tool's result, as parts of the hub. */
export function toParts(blocks: readonly Block[], notes: Notes): JsonObject[] {
  return blocks.map((block) => toPart(block, notes));
}

function toPart(block: Block, notes: Notes): JsonObject {
  const { type, text, cache_control } = block;
  if (type === 'text') {
    const extras = rest(block, 'type', 'text', 'cache_control');
    return { type, text: textOr(text, ''), ...given('cache_control', cache_control), ...carry(extras) };
  }
  const media = partOfMedia(block);
  if (media) return media;
  notes.add(`a ${type ?? 'nameless'} block is given as text`);
  return { type: 'text', text: textOfForeign(block), ...carry({ own: block }) };
}

/** Parts as blocks; blank texts, which Anthropic's faces refuse, are left out. */
export function toBlocks(content: unknown, notes: Notes): Block[] {
  if (typeof content === 'string') return content.trim() === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown) => {
    const block = isObject(part) ? toBlock(part, notes) : undefined;
    return block ? [block] : [];
  });
}

function toBlock(part: JsonObject, notes: Notes): Block | undefined {
  const { type, text, cache_control } = part;
  if (typeof text === 'string') {
    const { own, ...extras } = carriedOf(part);
    if (isObject(own) && textOfForeign(own) === text) return own;
    return text.trim() === '' ? undefined : { type: 'text', text, ...extras, ...given('cache_control', cache_control) };
  }
  const media = blockOfMedia(part);
  if (media) return media;
  // The model should know that something was there (MoonshotAI/kimi-code does the same with audio).
  notes.add(`a part of type ${textOr(type, 'unknown')} has no counterpart`);
  return { type: 'text', text: `(${textOr(type, 'part')} omitted: not supported here)` };
}
