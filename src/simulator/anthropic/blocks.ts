import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { invalid } from '../refusal.ts';

/** A system prompt: a string, or text blocks. */
export function readText(content: unknown, where: string): unknown {
  if (typeof content === 'string') return content;
  return listOf(content, where).map((block) => {
    if (block['type'] !== 'text') throw invalid(`${where}: invalid block type ${String(block['type'])}`);
    return { type: 'text', text: block['text'] };
  });
}

/** One message as the chat face has it: results first, each a message of its own. */
export function readBlocks(role: 'user' | 'assistant', content: unknown, where: string): JsonObject[] {
  if (typeof content === 'string') return [{ role, content }];
  const blocks = listOf(content, where);
  return role === 'assistant' ? [readAssistant(blocks, where)] : readUser(blocks, where);
}

function listOf(content: unknown, where: string): JsonObject[] {
  if (!Array.isArray(content) || !content.every(isObject))
    throw invalid(`${where}: must be a string or a list of blocks`);
  return content;
}

function readUser(blocks: readonly JsonObject[], where: string): JsonObject[] {
  const results = blocks.filter((block) => block['type'] === 'tool_result');
  const parts = blocks.filter((block) => block['type'] !== 'tool_result').map((block) => readPart(block, where));
  const said = parts.length > 0 || results.length === 0 ? [{ role: 'user', content: parts }] : [];
  return [...results.map((block) => readResult(block, where)), ...said];
}

function readResult({ tool_use_id, content }: JsonObject, where: string): JsonObject {
  const isPlain = isAbsent(content) || typeof content === 'string';
  const parts = isPlain ? (content ?? '') : listOf(content, where).map((block) => readPart(block, where));
  return { role: 'tool', tool_call_id: tool_use_id, content: parts };
}

function readPart(block: JsonObject, where: string): JsonObject {
  const { type, text, source } = block;
  if (type === 'text') return { type, text };
  if (type === 'image' || type === 'video') {
    const key = `${type}_url`;
    return { type: key, [key]: { url: urlOf(source, where) } };
  }
  throw invalid(`${where}: invalid block type ${String(type)}`);
}

function urlOf(source: unknown, where: string): string {
  const { type, media_type, data, url } = isObject(source) ? source : {};
  if (type === 'base64') return `data:${String(media_type)};base64,${String(data)}`;
  if (type === 'url' && typeof url === 'string') return url;
  throw invalid(`${where}: invalid source`);
}

function readAssistant(blocks: readonly JsonObject[], where: string): JsonObject {
  const textOf = (type: string, member: string): string | undefined => {
    const found = blocks.filter((block) => block['type'] === type).map((block) => String(block[member] ?? ''));
    return found.length === 0 ? undefined : found.join('');
  };
  const foreign = blocks.find((block) => !KNOWN.has(String(block['type'])));
  if (foreign !== undefined) throw invalid(`${where}: invalid block type ${String(foreign['type'])}`);
  const calls = blocks
    .filter((block) => block['type'] === 'tool_use')
    .map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }));
  const reasoning = textOf('thinking', 'thinking');
  return {
    role: 'assistant',
    content: textOf('text', 'text') ?? null,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

const KNOWN = new Set(['text', 'thinking', 'redacted_thinking', 'tool_use']);
