import { isMembers, type Members } from './members.ts';

/** Pictures that the vendor names (platform docs, vision; npm @ai-sdk/moonshotai 3.0.60). */
const PICTURES = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/bmp',
  'image/heic',
  'image/heif',
]);

/** Claude Code sends `system` inside the list, and the vendor's guide recommends Claude Code. */
const ROLES = new Set<unknown>(['user', 'assistant', 'system']);

/**
 * Why a history in Anthropic's shape would be refused by Kimi's Anthropic faces as it stands, or undefined. The rules are
 * those of the chat face (docs/dialect.md), which were seen on both: the hub has the repairs, this only tells that one is
 * needed.
 */
export function brokenHistory(messages: unknown): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return 'messages of another shape';
  if (!messages.every(isMembers)) return 'messages of another shape';
  const seen = new Set<string>();
  let open: readonly string[] = [];
  for (const [index, message] of messages.entries()) {
    const { role, content } = message;
    if (!ROLES.has(role)) return 'a message of another role';
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    if (!Array.isArray(blocks) || !blocks.every(isMembers) || blocks.length === 0) return 'an empty message';
    const results = blocks
      .filter((block) => block['type'] === 'tool_result')
      .map((block) => String(block['tool_use_id']));
    if (!answers(open, results) || !leads(blocks, results.length)) return 'calls and results that do not fit together';
    const wrong = role === 'assistant' ? wrongAnswer(blocks) : blocks.map(wrongWord).find(Boolean);
    if (wrong !== undefined) return wrong;
    open = callsOf(blocks);
    if (open.some((id) => id === '' || seen.has(id)) || new Set(open).size < open.length)
      return 'an id of a call twice';
    for (const id of open) seen.add(id);
    if (open.length > 0 && index === messages.length - 1) return 'a call without a result';
  }
  return undefined;
}

function answers(open: readonly string[], results: readonly string[]): boolean {
  return open.length === results.length && open.every((id) => results.includes(id));
}

/** Results stand before everything else in their message. */
function leads(blocks: readonly Members[], count: number): boolean {
  return blocks.slice(0, count).every((block) => block['type'] === 'tool_result');
}

function callsOf(blocks: readonly Members[]): readonly string[] {
  return blocks.filter((block) => block['type'] === 'tool_use').map(({ id }) => (typeof id === 'string' ? id : ''));
}

/** What is wrong in a message of the assistant. */
function wrongAnswer(blocks: readonly Members[]): string | undefined {
  const kinds = new Set(blocks.map((block) => block['type']));
  const foreign = [...kinds].find((kind) => kind !== 'text' && kind !== 'thinking' && kind !== 'tool_use');
  if (kinds.has(undefined) || foreign !== undefined) return `a block of type ${String(foreign)}`;
  if (kinds.size === 1 && kinds.has('thinking')) return 'an answer of thinking alone';
  if (blocks.some((block) => block['type'] === 'tool_use' && !isMembers(block['input']))) return 'a call without input';
  return blocks.some((block) => block['type'] === 'text' && isBlank(block['text'])) ? 'an empty text' : undefined;
}

/** What is wrong with one block of somebody else's. */
function wrongWord(block: Members): string | undefined {
  const { type, text, source, content } = block;
  if (type === 'text') return isBlank(text) ? 'an empty text' : undefined;
  if (type === 'image' || type === 'video') return wrongSource(source);
  if (type !== 'tool_result') return `a block of type ${String(type)}`;
  if (content === undefined || typeof content === 'string') return undefined;
  if (!Array.isArray(content) || content.length === 0) return 'an empty result';
  const inner = content.map((part: unknown) =>
    isMembers(part) && part['type'] !== 'tool_result' ? wrongWord(part) : 'a result of another shape',
  );
  return inner.find((wrong) => wrong !== undefined);
}

/** `url` takes only the vendor's own `ms://` (HALRO, September 2026). */
function wrongSource(source: unknown): string | undefined {
  const { type, url, media_type: kind } = isMembers(source) ? source : {};
  if (type === 'base64')
    return PICTURES.has(String(kind)) || String(kind).startsWith('video/') ? undefined : 'a picture of another format';
  return type === 'url' && typeof url === 'string' && url.startsWith('ms://')
    ? undefined
    : 'a picture that is not in the request';
}

function isBlank(text: unknown): boolean {
  return typeof text !== 'string' || text.trim() === '';
}
