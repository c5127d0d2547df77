import { isObject, rest } from '../json-object.ts';
import type { Block } from './messages.ts';

/**
 * Stands in for the signature that Anthropic's own models give to their thinking. Kimi gives none, and clients that see none
 * throw the thinking away (the AI SDK) or turn it into text (pi), after which Kimi refuses the next turn of a tool loop.
 */
export const OWN_SIGNATURE = 'bW9vbmdhdGU=';

/** A block of thinking as clients need it; any other block as it is. */
export function signed(block: Block): Block {
  if (block.type !== 'thinking' || (typeof block['signature'] === 'string' && block['signature'] !== '')) return block;
  return { ...block, signature: OWN_SIGNATURE };
}

/** The same block as the surface once gave it. */
export function unsigned(block: Block): Block {
  const isOwn = block.type === 'thinking' && block['signature'] === OWN_SIGNATURE;
  return isOwn ? (rest(block, 'signature') as Block) : block;
}

/** A history without our own signatures. Messages that have none keep their identity. */
export function unsignedHistory(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return messages.map((message: unknown) => {
    const content = isObject(message) ? message['content'] : undefined;
    if (!isObject(message) || !Array.isArray(content)) return message;
    const blocks = content.map((block: unknown) => (isObject(block) ? unsigned(block) : block));
    return blocks.every((block, index) => block === content[index]) ? message : { ...message, content: blocks };
  });
}
