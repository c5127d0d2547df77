import type { ChatMessage, ToolCall } from '../chat.ts';
import { given, isObject, type JsonObject, orNothing, rest, textOr } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { carriedOf, carry } from './carried.ts';
import { toBlocks } from './content.ts';
import { textOfForeign } from './foreign-block.ts';
import type { Block } from './messages.ts';
import { unsigned } from './signature.ts';

/** One block of an assistant's message: how much of the hub's members it takes, and what else it said. */
interface Place {
  readonly of: 'thinking' | 'text' | 'call' | 'own';
  /** Characters of `reasoning_content` (thinking) or `content` (text, own). */
  readonly length?: number;
  readonly extras?: JsonObject;
  readonly block?: Block;
}

/** The blocks as reasoning, text and calls; where these alone would not give the blocks back, their layout is carried. */
export function toAssistant(content: string | readonly Block[], notes: Notes): ChatMessage {
  if (typeof content === 'string') return { role: 'assistant', content, ...carry({ layout: 'string' }) };
  const blocks = content.map(unsigned);
  const seen = new Reader(notes);
  for (const block of blocks) seen.read(block);
  const message = seen.message();
  const isPlain = JSON.stringify(plainBlocks(message, notes)) === JSON.stringify(blocks);
  return isPlain ? message : { ...message, ...carry({ layout: seen.layout }) };
}

class Reader {
  readonly layout: Place[] = [];
  readonly #notes: Notes;
  readonly #calls: ToolCall[] = [];
  #text = '';
  #reasoning: string | undefined;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  read(block: Block): void {
    const { type } = block;
    if (type === 'thinking') {
      const text = textOr(block['thinking'], '');
      this.#reasoning = `${this.#reasoning ?? ''}${text}`;
      this.layout.push({ of: 'thinking', length: text.length, ...extrasOf(block, 'thinking') });
    } else if (type === 'text') {
      const text = textOr(block['text'], '');
      this.#text += text;
      this.layout.push({ of: 'text', length: text.length, ...extrasOf(block, 'text') });
    } else if (type === 'tool_use') {
      this.#calls.push(toCall(block));
      this.layout.push({ of: 'call' });
    } else this.#readForeign(block);
  }

  message(): ChatMessage {
    const none = this.#calls.length > 0 ? null : '';
    return {
      role: 'assistant',
      content: this.#text === '' ? none : this.#text,
      ...given('reasoning_content', this.#reasoning),
      ...(this.#calls.length > 0 ? { tool_calls: this.#calls } : {}),
    };
  }

  #readForeign(block: Block): void {
    const text = textOfForeign(block);
    this.#text += text;
    this.layout.push({ of: 'own', length: text.length, block });
    this.#notes.add(`a ${block.type ?? 'nameless'} block is ${text === '' ? 'left out' : 'given as text'}`);
  }
}

function extrasOf(block: Block, member: string): { extras?: JsonObject } {
  const extras = orNothing(rest(block, 'type', member));
  return extras ? { extras } : {};
}

export function toCall(block: Block): ToolCall {
  const { id, name, input, cache_control } = block;
  return {
    id: textOr(id, ''),
    type: 'function',
    function: { name: textOr(name, ''), arguments: JSON.stringify(input ?? {}) },
    ...given('cache_control', cache_control),
    ...carry(rest(block, 'type', 'id', 'name', 'input', 'cache_control')),
  };
}

/** An assistant's message as blocks: by the layout that it carries if that still fits, else thinking, text, calls. */
export function toAssistantContent(message: ChatMessage, notes: Notes): string | Block[] {
  const { layout } = carriedOf(message);
  if (layout === 'string' && typeof message.content === 'string' && !message.tool_calls?.length) return message.content;
  return (Array.isArray(layout) ? placed(message, layout as Place[], notes) : undefined) ?? plainBlocks(message, notes);
}

/** Thinking stays even if empty: a call without any is refused (MoonshotAI/kimi-code kosong anthropic.ts). */
function plainBlocks(message: ChatMessage, notes: Notes): Block[] {
  const { reasoning_content: reasoning, content } = message;
  const calls = message.tool_calls ?? []; // null on some hosts
  const thinking = typeof reasoning === 'string' && (reasoning !== '' || calls.length > 0);
  return [
    ...(thinking ? [{ type: 'thinking', thinking: reasoning }] : []),
    ...toBlocks(content, notes),
    ...calls.map((call) => toUse(call, notes)),
  ];
}

function placed(message: ChatMessage, layout: readonly Place[], notes: Notes): Block[] | undefined {
  const calls = message.tool_calls ?? [];
  const reasoning = textOr(message.reasoning_content, '');
  const text = textOr(message.content, '');
  const sum = (...kinds: readonly Place['of'][]) =>
    layout.reduce((total, place) => total + (kinds.includes(place.of) ? (place.length ?? 0) : 0), 0);
  const fits =
    sum('thinking') === reasoning.length &&
    sum('text', 'own') === text.length &&
    layout.filter((place) => place.of === 'call').length === calls.length;
  if (!fits) return undefined;
  const at = { thinking: 0, text: 0, call: 0 };
  return layout.flatMap(({ of, length = 0, extras, block }): Block[] => {
    if (of === 'call') {
      const call = calls[at.call++];
      return call ? [toUse(call, notes)] : [];
    }
    if (of === 'thinking') {
      at.thinking += length;
      return [{ type: of, thinking: reasoning.slice(at.thinking - length, at.thinking), ...extras }];
    }
    at.text += length;
    if (of === 'own') return block ? [block] : [];
    return [{ type: of, text: text.slice(at.text - length, at.text), ...extras }];
  });
}

export function toUse(call: ToolCall, notes: Notes): Block {
  const { id, function: target, cache_control } = call;
  return {
    type: 'tool_use',
    id: id ?? '',
    name: target?.name ?? '',
    input: inputOf(target?.arguments, notes),
    ...carriedOf(call),
    ...given('cache_control', cache_control),
  };
}

/** Anthropic's input is an object; a model's text need not be one. */
function inputOf(text: string | undefined, notes: Notes): JsonObject {
  if (text === undefined || text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  notes.add('arguments that are not a JSON object are given as { "arguments": "…" }');
  return { arguments: text };
}
