import { isJsonObjectText } from './escaped-json.ts';
import { headOf } from './raw-string.ts';

/**
 * What the rules about histories ask of a message before anybody parses it. There are two ways to it, which agree:
 * `outlineOf` reads parsed messages, `outlineAt` (outline-reader.ts) the bytes.
 */
export interface MessageOutline {
  /** Undefined if it is absent or not a string. */
  readonly role: string | undefined;
  /** `blank` is a string of white space only, `other` a number, boolean or object. */
  readonly content: 'absent' | 'null' | 'empty' | 'blank' | 'text' | 'parts' | 'other';
  /** Empty unless `content` is `parts`. */
  readonly parts: readonly PartOutline[];
  /** Undefined if there are none or null. */
  readonly calls: readonly CallOutline[] | undefined;
  readonly toolCallId: string | undefined;
  /** `reasoning_content`; null counts as absent. */
  readonly reasoning: 'absent' | 'text' | 'other';
  /** Thinking under another vendor's key stands in the message. */
  readonly foreignReasoning: boolean;
  /** OpenAI's first form of a tool call stands in the message and is not null. */
  readonly functionCall: boolean;
  /** `tools` stands in the message: K3's dynamic tools. */
  readonly tools: boolean;
  /** `partial` or `prefix` stands in the message. */
  readonly partial: boolean;
  /** Not an object, or its `tool_calls` or `tool_call_id` are of a wrong type. */
  readonly odd: boolean;
  /** Who has asked the message a list of questions, and the answers as bits; it will come again, in the next request. */
  askedBy?: object | undefined;
  answers?: number | undefined;
}

export interface PartOutline {
  /** `other` is everything that is not spelled as Kimi has it. */
  readonly kind: 'text' | 'blank' | 'image' | 'video' | 'other';
  /** The beginning of the address of an image or video. */
  readonly head?: string;
}

export interface CallOutline {
  readonly id: string | undefined;
  /** `function.arguments` is the text of a JSON object. */
  readonly sound: boolean;
}

/** Keys under which other hosts of reasoning models keep what Kimi calls `reasoning_content`. */
export const FOREIGN_REASONING = ['reasoning', 'reasoning_details', 'reasoning_text', 'thinking', 'thinking_blocks'];

export const TEXT_PART: PartOutline = { kind: 'text' };
export const BLANK_PART: PartOutline = { kind: 'blank' };
export const OTHER_PART: PartOutline = { kind: 'other' };

/** What an element of `messages` is that is no object. */
export const NO_MESSAGE: MessageOutline = {
  role: undefined,
  content: 'absent',
  parts: [],
  calls: undefined,
  toolCallId: undefined,
  reasoning: 'absent',
  foreignReasoning: false,
  functionCall: false,
  tools: false,
  partial: false,
  odd: true,
};

type Members = Readonly<Record<string, unknown>>;

export function outlineOf(messages: unknown): readonly MessageOutline[] {
  return Array.isArray(messages) ? messages.map(outlineOfMessage) : [];
}

function outlineOfMessage(message: unknown): MessageOutline {
  if (!isMembers(message)) return NO_MESSAGE;
  const { role, content, tool_calls: calls, tool_call_id: id, reasoning_content: reasoning } = message;
  return {
    role: typeof role === 'string' ? role : undefined,
    content: contentKind(content),
    parts: Array.isArray(content) ? content.map(outlineOfPart) : [],
    calls: Array.isArray(calls) ? calls.map(outlineOfCall) : undefined,
    toolCallId: typeof id === 'string' ? id : undefined,
    reasoning: isAbsent(reasoning) ? 'absent' : typeof reasoning === 'string' ? 'text' : 'other',
    foreignReasoning: FOREIGN_REASONING.some((key) => Object.hasOwn(message, key)),
    functionCall: !isAbsent(message['function_call']),
    tools: Object.hasOwn(message, 'tools'),
    partial: Object.hasOwn(message, 'partial') || Object.hasOwn(message, 'prefix'),
    odd:
      !(isAbsent(calls) || (Array.isArray(calls) && calls.every(isMembers))) ||
      !(isAbsent(id) || typeof id === 'string'),
  };
}

function contentKind(content: unknown): MessageOutline['content'] {
  if (content === undefined) return 'absent';
  if (content === null) return 'null';
  if (Array.isArray(content)) return 'parts';
  if (typeof content !== 'string') return 'other';
  if (content === '') return 'empty';
  return content.trim() === '' ? 'blank' : 'text';
}

function outlineOfPart(part: unknown): PartOutline {
  if (!isMembers(part)) return OTHER_PART;
  const { type, text } = part;
  if (type === 'text' && typeof text === 'string') return text.trim() === '' ? BLANK_PART : TEXT_PART;
  if (type !== 'image_url' && type !== 'video_url') return OTHER_PART;
  const holder = part[type];
  if (!isMembers(holder) || typeof holder['url'] !== 'string') return OTHER_PART;
  return { kind: type === 'image_url' ? 'image' : 'video', head: headOf(holder['url']) };
}

function outlineOfCall(call: unknown): CallOutline {
  const { id, function: target } = isMembers(call) ? call : {};
  const text = isMembers(target) ? target['arguments'] : undefined;
  return { id: typeof id === 'string' ? id : undefined, sound: typeof text === 'string' && isJsonObjectText(text) };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
