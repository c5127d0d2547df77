import type { ToolCall } from '../chat/chat.ts';
import { repairArguments } from './tool-arguments/repair-arguments.ts';

/** The model's own tokens for tool calls, as they stand in text when a host fails to read them (K2's chat template). */
const SECTION = { begin: '<|tool_calls_section_begin|>', end: '<|tool_calls_section_end|>' };
const CALL = { begin: '<|tool_call_begin|>', end: '<|tool_call_end|>' };
const ONE_CALL = /<\|tool_call_begin\|>([^<]*)<\|tool_call_argument_begin\|>([\s\S]*?)(?:<\|tool_call_end\|>|$)/g;
/** `functions.get_weather:0` */
const CALL_ID = /^(?:functions\.)?(.+?)(?::\d+)?$/;

/** A section longer than this is not one. */
const MAX_HELD = 1_000_000;

export interface Scanned {
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

/** Takes the tool calls out of a text that comes in pieces, cut at any place. */
export class LeakedSections {
  readonly #names: ReadonlySet<string>;
  #held = '';

  /** `names`: the tools of the request; a section that calls none of them is text. */
  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  get isHolding(): boolean {
    return this.#held !== '';
  }

  push(piece: string): Scanned {
    let rest = this.#held + piece;
    let text = '';
    const calls: ToolCall[] = [];
    this.#held = '';
    for (;;) {
      const section = rest.indexOf(SECTION.begin);
      const call = rest.indexOf(CALL.begin);
      const start = section < 0 ? call : call < 0 ? section : Math.min(section, call);
      if (start < 0) {
        const kept = rest.length - partialLength(rest);
        this.#held = rest.slice(kept);
        return { text: text + rest.slice(0, kept), calls };
      }
      text += rest.slice(0, start);
      const close = start === section ? SECTION.end : CALL.end;
      const end = rest.indexOf(close, start);
      if (end < 0) {
        if (rest.length - start > MAX_HELD) return { text: text + rest.slice(start), calls };
        this.#held = rest.slice(start);
        return { text, calls };
      }
      const read = this.#read(rest.slice(start, end + close.length));
      text += read.text;
      calls.push(...read.calls);
      rest = rest.slice(end + close.length);
    }
  }

  /** What is left when the text is over: a section without its end, or the beginning of a token that was none. */
  end(): Scanned {
    const held = this.#held;
    this.#held = '';
    return held.includes(CALL.begin) ? this.#read(held) : { text: held, calls: [] };
  }

  #read(section: string): Scanned {
    const calls: ToolCall[] = [];
    for (const [, id = '', written = ''] of section.matchAll(ONE_CALL)) {
      const name = CALL_ID.exec(id.trim())?.[1];
      if (name === undefined || !this.#names.has(name) || !isObjectText(written)) return { text: section, calls: [] };
      calls.push({
        id: id.trim(),
        type: 'function',
        function: { name, arguments: repairArguments(written)?.text ?? written },
      });
    }
    return calls.length > 0 ? { text: '', calls } : { text: section, calls };
  }
}

/** Half a call must not be carried out: text that is cut off stays text. */
function isObjectText(text: string): boolean {
  const trimmed = text.trim();
  return trimmed === '' || (trimmed.startsWith('{') && trimmed.endsWith('}'));
}

/** How much of the end could be the beginning of a token. */
function partialLength(text: string): number {
  const last = text.lastIndexOf('<');
  const tail = last < 0 ? '' : text.slice(last);
  return tail !== '' && (SECTION.begin.startsWith(tail) || CALL.begin.startsWith(tail)) ? tail.length : 0;
}
