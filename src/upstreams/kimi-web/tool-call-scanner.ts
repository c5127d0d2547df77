import type { FunctionDefinition } from '../../chat/chat.ts';
import { CALLS_BEGIN, CALLS_END } from './tool-prompt.ts';
import { listAt, textAt, valueAt } from './wire-value.ts';

export interface FoundCall {
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
}

/** How far back from its end a text is looked at for something that may become a call. */
const TAIL = 64;

/** Holds an answer back from where it may be a call of a function until that is known. */
export class ToolCallScanner {
  readonly #functions: readonly FunctionDefinition[];
  #held = '';
  #inside = false;

  constructor(functions: readonly FunctionDefinition[]) {
    this.#functions = functions;
  }

  /** What is certainly text. */
  push(text: string): string {
    this.#held += text;
    if (this.#inside) return '';
    const begin = this.#held.indexOf(CALLS_BEGIN);
    const cut = begin === -1 ? openTail(this.#held) : beforeFence(this.#held.slice(0, begin));
    this.#inside = begin !== -1;
    const sure = this.#held.slice(0, cut);
    this.#held = this.#held.slice(cut);
    return sure;
  }

  /**
   * The answer is over: its calls, or the held text, if that was none after all. What stands behind valid calls is dropped:
   * models go on to invent the results (lixia051/kimi2api-tool-calls says so).
   */
  end(): { readonly calls: readonly FoundCall[]; readonly text: string } {
    const held = this.#held;
    this.#held = '';
    const calls = this.#inside ? parseCalls(held, this.#functions) : undefined;
    return calls === undefined ? { calls: [], text: held } : { calls, text: '' };
  }
}

/** Where a tail begins that could grow into a call: a part of the mark, with blanks or a code fence before it. */
function openTail(text: string): number {
  const start = Math.max(0, text.length - TAIL);
  const tail = text.slice(start);
  for (let length = Math.min(CALLS_BEGIN.length - 1, tail.length); length >= 0; length--) {
    const isPart = length === 0 || CALLS_BEGIN.startsWith(tail.slice(-length));
    if (isPart) return start + beforeFence(tail.slice(0, tail.length - length));
  }
  return text.length;
}

function beforeFence(text: string): number {
  return text.length - (/\s*(?:`{1,2}|```\w*\s*)?$/.exec(text.slice(-TAIL))?.[0].length ?? 0);
}

/** The calls of a block, if they are all valid: known names, objects as arguments, what is required present. */
export function parseCalls(text: string, functions: readonly FunctionDefinition[]): FoundCall[] | undefined {
  const begin = text.indexOf(CALLS_BEGIN);
  if (begin === -1) return undefined;
  const after = text.slice(begin + CALLS_BEGIN.length);
  const end = after.lastIndexOf(CALLS_END);
  const parsed = parse(end === -1 ? after : after.slice(0, end)) ?? parse(after.slice(0, after.indexOf(CALLS_END)));
  const items = Array.isArray(parsed) ? parsed : parsed === undefined ? [] : [parsed];
  const calls = items.map((item: unknown) => toCall(item, functions));
  const valid = calls.filter((call) => call !== undefined);
  return valid.length > 0 && valid.length === calls.length ? valid : undefined;
}

function toCall(item: unknown, functions: readonly FunctionDefinition[]): FoundCall | undefined {
  const name = textAt(item, 'name');
  const definition = functions.find((candidate) => candidate.name === name);
  if (name === undefined || definition === undefined) return undefined;
  const given = valueAt(item, 'arguments') ?? {};
  // Some write the arguments as a string of JSON, as the API would.
  const value = typeof given === 'string' ? parse(given) : given;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const required = listAt(definition.parameters, 'required').filter((member) => typeof member === 'string');
  if (!required.every((member) => Object.hasOwn(value, member))) return undefined;
  return { name, arguments: JSON.stringify(value) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
