import { isObject, textOr } from '../json-object.ts';
import type { Block } from './messages.ts';

/**
 * What a block that the hub has no part for becomes: the text that stands in it (search results, documents given as text,
 * results of Anthropic's own server tools), or a mark that it was there. Such a block also travels in our own member, so that an
 * Anthropic face gets it back as it was.
 */
export function textOfForeign(block: Block): string {
  if (isSilent(block)) return '';
  if (block.type === 'document') return textOfDocument(block);
  const found = readable(block).trim();
  return found === '' ? `[${block.type ?? 'block'} omitted]` : found;
}

/**
 * Text stands for itself. A PDF or an address is only told of: refusing it would end an agent's session, since its history
 * comes again with every request, and the model can use a tool on the file when it knows of it.
 */
function textOfDocument(block: Block): string {
  const { title, source } = block;
  const { type, media_type: kind, data, url } = isObject(source) ? source : {};
  if (type === 'base64' && typeof data === 'string' && /^text\/|json|xml/.test(textOr(kind, ''))) {
    const text = Buffer.from(data, 'base64').toString();
    return typeof title === 'string' ? `${title}\n${text}` : text;
  }
  if (type !== 'base64' && type !== 'url') return readable(block).trim() || '[document omitted]';
  const what = [title, kind, url].filter((part) => typeof part === 'string').join(', ');
  return `[A document stood here (${what}). It could not be shown to you; its text has to be extracted with a tool first.]`;
}

/** Calls of server tools mean nothing without the server that ran them, and a model imitates them if they are written out. */
const SILENT = new Set(['redacted_thinking', 'server_tool_use', 'mcp_tool_use']);

function isSilent(block: Block): boolean {
  return SILENT.has(block.type ?? '');
}

function readable(block: Block): string {
  const { title, source, text, content, url } = block;
  const head = [title, typeof source === 'string' ? source : url].filter((part) => typeof part === 'string').join(' ');
  const inner = isObject(source) ? readableContent(source['type'] === 'text' ? source['data'] : source['content']) : '';
  return [head, textOr(text, ''), inner, readableContent(content)].filter((part) => part !== '').join('\n');
}

function readableContent(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.filter(isObject).map(readable).join('\n');
  return isObject(content) ? readable(content) : '';
}
