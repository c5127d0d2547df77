import { holdsJsonObject } from './escaped-json.ts';
import { endOfValue, walkArray, walkObject } from './json-spans.ts';
import { stringAt, wordAt } from './json-strings.ts';
import {
  BLANK_PART,
  type CallOutline,
  FOREIGN_REASONING,
  type MessageOutline,
  NO_MESSAGE,
  OTHER_PART,
  type PartOutline,
  TEXT_PART,
} from './message-outline.ts';
import { headAt, isBlankAt } from './raw-string.ts';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const NULL = 0x6e;

/**
 * The outline of the messages that lie in `bytes`: one pass, in which only ids and unusual roles are decoded, so that a
 * history in which nothing is wrong is never parsed. Throws JsonSyntaxError for malformed structure.
 */
export function outlineAt(bytes: Buffer, start: number): readonly MessageOutline[] {
  const outlines: MessageOutline[] = [];
  readOutline(bytes, start, outlines);
  return outlines;
}

/** Adds the outlines of the messages that begin at `start` to `outlines`; returns the end of the value there. */
export function readOutline(bytes: Buffer, start: number, outlines: MessageOutline[]): number {
  if (bytes[start] !== OPEN_BRACKET) return endOfValue(bytes, start);
  return walkArray(bytes, start, (message) => readMessage(bytes, message, outlines));
}

/** Adds the outline of the message that begins at `start`; returns its end. */
export function readMessage(bytes: Buffer, start: number, outlines: MessageOutline[]): number {
  if (bytes[start] !== OPEN_BRACE) {
    outlines.push(NO_MESSAGE);
    return endOfValue(bytes, start);
  }
  const outline = new OutlineReader();
  outlines.push(outline);
  return outline.read(bytes, start);
}

const NO_PARTS: readonly PartOutline[] = [];

class OutlineReader implements MessageOutline {
  role: string | undefined;
  content: MessageOutline['content'] = 'absent';
  parts = NO_PARTS;
  calls: readonly CallOutline[] | undefined;
  toolCallId: string | undefined;
  reasoning: MessageOutline['reasoning'] = 'absent';
  foreignReasoning = false;
  functionCall = false;
  tools = false;
  partial = false;
  odd = false;
  askedBy: object | undefined;
  answers: number | undefined;
  #oddCalls = false;
  #oddId = false;

  read(bytes: Buffer, start: number): number {
    const end = walkObject(bytes, start, (keyStart, keyEnd, value) =>
      this.#member(bytes, wordAt(bytes, keyStart, keyEnd), value),
    );
    this.odd = this.#oddCalls || this.#oddId;
    return end;
  }

  #member(bytes: Buffer, key: string, value: number): number {
    switch (key) {
      case 'content':
        return this.#content(bytes, value);
      case 'tool_calls':
        return this.#calls(bytes, value);
    }
    const end = endOfValue(bytes, value);
    const isString = bytes[value] === QUOTE;
    if (key === 'role') this.role = isString ? wordAt(bytes, value, end) : undefined;
    else if (key === 'tool_call_id') {
      this.toolCallId = isString ? stringAt(bytes, value, end) : undefined;
      this.#oddId = !isString && bytes[value] !== NULL;
    } else if (key === 'reasoning_content') {
      this.reasoning = isString ? 'text' : bytes[value] === NULL ? 'absent' : 'other';
    } else if (key === 'partial' || key === 'prefix') this.partial = true;
    else if (key === 'tools') this.tools = true;
    else if (key === 'function_call') this.functionCall = bytes[value] !== NULL;
    else if (FOREIGN_REASONING.includes(key)) this.foreignReasoning = true;
    return end;
  }

  #content(bytes: Buffer, value: number): number {
    this.parts = NO_PARTS;
    if (bytes[value] === OPEN_BRACKET) {
      const parts: PartOutline[] = [];
      this.content = 'parts';
      this.parts = parts;
      return walkArray(bytes, value, (start) => readPart(bytes, start, parts));
    }
    const end = endOfValue(bytes, value);
    if (bytes[value] !== QUOTE) this.content = bytes[value] === NULL ? 'null' : 'other';
    else if (end - value === 2) this.content = 'empty';
    else this.content = isBlankAt(bytes, value, end) ? 'blank' : 'text';
    return end;
  }

  #calls(bytes: Buffer, value: number): number {
    this.calls = undefined;
    this.#oddCalls = false;
    if (bytes[value] !== OPEN_BRACKET) {
      this.#oddCalls = bytes[value] !== NULL;
      return endOfValue(bytes, value);
    }
    const calls: CallOutline[] = [];
    this.calls = calls;
    return walkArray(bytes, value, (start) => {
      if (bytes[start] === OPEN_BRACE) return readCall(bytes, start, calls);
      this.#oddCalls = true;
      calls.push({ id: undefined, sound: false });
      return endOfValue(bytes, start);
    });
  }
}

/** Pushes the outline of the part at `start`; returns its end. */
function readPart(bytes: Buffer, start: number, parts: PartOutline[]): number {
  if (bytes[start] !== OPEN_BRACE) {
    parts.push(OTHER_PART);
    return endOfValue(bytes, start);
  }
  let type = '';
  let text = OTHER_PART;
  const heads: Record<string, string | undefined> = {};
  const end = walkObject(bytes, start, (keyStart, keyEnd, value) => {
    const key = wordAt(bytes, keyStart, keyEnd);
    if (key === 'image_url' || key === 'video_url') return readHead(bytes, value, (head) => (heads[key] = head));
    const valueEnd = endOfValue(bytes, value);
    const isString = bytes[value] === QUOTE;
    if (key === 'type') type = isString ? wordAt(bytes, value, valueEnd) : '';
    else if (key === 'text')
      text = isString ? (isBlankAt(bytes, value, valueEnd) ? BLANK_PART : TEXT_PART) : OTHER_PART;
    return valueEnd;
  });
  const head = type === 'image_url' || type === 'video_url' ? heads[type] : undefined;
  if (type === 'text') parts.push(text);
  else parts.push(head === undefined ? OTHER_PART : { kind: type === 'image_url' ? 'image' : 'video', head });
  return end;
}

/** The beginning of `url` in the object at `value`, undefined if that is something else. */
function readHead(bytes: Buffer, value: number, found: (head: string | undefined) => void): number {
  found(undefined);
  if (bytes[value] !== OPEN_BRACE) return endOfValue(bytes, value);
  return walkObject(bytes, value, (keyStart, keyEnd, start) => {
    const end = endOfValue(bytes, start);
    if (wordAt(bytes, keyStart, keyEnd) === 'url') {
      found(bytes[start] === QUOTE ? headAt(bytes, start, end) : undefined);
    }
    return end;
  });
}

/** Pushes the outline of the tool call at `start`; returns its end. */
function readCall(bytes: Buffer, start: number, calls: CallOutline[]): number {
  let id: string | undefined;
  let sound = false;
  const end = walkObject(bytes, start, (keyStart, keyEnd, value) => {
    const key = wordAt(bytes, keyStart, keyEnd);
    if (key === 'function') {
      sound = false;
      if (bytes[value] !== OPEN_BRACE) return endOfValue(bytes, value);
      return walkObject(bytes, value, (innerStart, innerEnd, inner) => {
        const innerValueEnd = endOfValue(bytes, inner);
        if (wordAt(bytes, innerStart, innerEnd) === 'arguments') {
          sound = bytes[inner] === QUOTE && holdsJsonObject(bytes, inner, innerValueEnd);
        }
        return innerValueEnd;
      });
    }
    const valueEnd = endOfValue(bytes, value);
    if (key === 'id') id = bytes[value] === QUOTE ? stringAt(bytes, value, valueEnd) : undefined;
    return valueEnd;
  });
  calls.push({ id, sound });
  return end;
}
