import type { ChatMessage } from '../chat.ts';
import { given } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { toAssistantContent } from './assistant.ts';
import { carriedOf } from './carried.ts';
import { toBlocks } from './content.ts';
import { joinsByDefault } from './history-to-hub.ts';
import type { AnthropicMessage, Block } from './messages.ts';

export interface Split {
  readonly system: string | readonly Block[] | undefined;
  readonly messages: readonly AnthropicMessage[];
}

/** The hub's one list as `system` and `messages`. */
export function splitHistory(history: readonly ChatMessage[], notes: Notes): Split {
  const isLeading = (message: ChatMessage) => isSystem(message) && carriedOf(message)['inside'] !== true;
  const found = history.findIndex((message) => !isLeading(message));
  // Anthropic's list must not be empty.
  const first = found < 0 ? Math.max(0, history.length - 1) : found;
  const messages: { role: string; content: string | readonly Block[] }[] = [];
  let before: ChatMessage | undefined;
  for (const message of history.slice(first)) {
    const made = toAnthropic(message, notes);
    const last = messages.at(-1);
    const joins = carriedOf(message)['joins'] ?? joinsByDefault(before, message);
    const isEmpty = made.content.length === 0 && made.role === 'assistant';
    if (isEmpty) {
      notes.add('an empty message of the assistant is left out');
      continue;
    }
    if (joins === true && last?.role === 'user') last.content = [...blocksOf(last), ...blocksOf(made)];
    else messages.push(made);
    before = message;
  }
  const { role, partial, tool_calls: calls } = history.at(-1) ?? {};
  if (role === 'assistant' && !partial && !calls?.length) notes.add('the last message of the assistant is continued');
  return { system: systemOf(history.slice(0, first), notes), messages };
}

const isSystem = (message: ChatMessage): boolean => message.role === 'system' || message.role === 'developer';

function systemOf(messages: readonly ChatMessage[], notes: Notes): Split['system'] {
  const [only, ...others] = messages;
  if (only === undefined) return undefined;
  if (others.length === 0 && typeof only.content === 'string') return only.content === '' ? undefined : only.content;
  const blocks = messages.flatMap((message) => toBlocks(message.content, notes));
  return blocks.length > 0 ? blocks : undefined;
}

function blocksOf({ content }: { content: string | readonly Block[] }): readonly Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function toAnthropic(message: ChatMessage, notes: Notes): { role: string; content: string | readonly Block[] } {
  const { role, content, name, tools } = message;
  if (name !== undefined) notes.add('names of speakers have no counterpart');
  if (tools !== undefined) notes.add('tools declared inside the history have no counterpart');
  if (role === 'assistant') return { role, content: toAssistantContent(message, notes) };
  if (role === 'tool') return { role: 'user', content: [toResult(message, notes)] };
  if (!isSystem(message))
    return { role: 'user', content: typeof content === 'string' ? content : toBlocks(content, notes) };
  if (carriedOf(message)['inside'] === true) {
    return { role: 'system', content: typeof content === 'string' ? content : toBlocks(content, notes) };
  }
  // The vendor's own client marks it so on this face (MoonshotAI/kimi-code kosong anthropic.ts).
  const text = toBlocks(content, notes)
    .map((block) => block['text'])
    .join('\n');
  notes.add('a system message inside the history is given as a marked message of the user');
  return { role: 'user', content: [{ type: 'text', text: `<system>${text}</system>` }] };
}

function toResult(message: ChatMessage, notes: Notes): Block {
  const { content, tool_call_id: id, cache_control } = message;
  const { joins: _, ...extras } = carriedOf(message);
  return {
    type: 'tool_result',
    tool_use_id: id ?? '',
    content: typeof content === 'string' ? content : toBlocks(content, notes),
    ...extras,
    ...given('cache_control', cache_control),
  };
}
