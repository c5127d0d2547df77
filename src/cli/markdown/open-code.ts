import type { HLJSApi } from 'highlight.js';
import { cutToWidth } from '../text-width.ts';
import { highlight } from './highlight.ts';
import { indentedCode, languageOf } from './render-blocks.ts';
import { type Line, plainSpan } from './span.ts';

/** So many lines before a new one decide its colours; more would make a long listing cost the square of its length. */
const CONTEXT = 100;

/** A block of code that is still being written: its complete lines are settled at once. */
export class OpenCode {
  readonly #highlighter: HLJSApi;
  #before: readonly Line[];
  #settled = 0;

  constructor(before: readonly Line[], highlighter: HLJSApi) {
    this.#before = before;
    this.#highlighter = highlighter;
  }

  /** `raw`: the block so far, with its fence. */
  grow(raw: string, columns: number): { done: readonly Line[]; live: readonly Line[] } {
    const { language, lines, isClosed } = read(raw);
    const partial = isClosed ? '' : (lines.pop() ?? '');
    const shown = cutToWidth(`  ${partial.replaceAll('\t', '    ')}`, columns);
    return { done: this.#upTo(lines, language), live: partial === '' ? [] : [[plainSpan(shown)]] };
  }

  /** What is left when the block is complete. */
  rest(raw: string): readonly Line[] {
    const { language, lines, isClosed } = read(raw);
    while (!isClosed && lines.at(-1)?.trim() === '') lines.pop();
    return this.#upTo(lines, language);
  }

  #upTo(lines: readonly string[], language: string | undefined): readonly Line[] {
    if (lines.length <= this.#settled) return this.#open([]);
    const from = Math.max(0, this.#settled - CONTEXT);
    const coloured = highlight(lines.slice(from).join('\n'), language, this.#highlighter);
    const fresh = coloured.slice(this.#settled - from).map(indentedCode);
    this.#settled = lines.length;
    return this.#open(fresh);
  }

  #open(lines: readonly Line[]): readonly Line[] {
    const all = [...this.#before, ...lines];
    this.#before = [];
    return all;
  }
}

interface Listing {
  readonly language: string | undefined;
  readonly lines: string[];
  readonly isClosed: boolean;
}

/** A line that ends a block is one of the fence's marks alone, and at least as many. */
function read(raw: string): Listing {
  const [head = '', ...lines] = raw.split('\n');
  const [, fence = '', info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(head) ?? [];
  const last = lines.findLastIndex((line) => line.trim() !== '');
  const mark = lines[last]?.trim() ?? '';
  const isClosed = mark.length >= fence.length && mark === fence.charAt(0).repeat(mark.length);
  return { language: languageOf(info.trim()), lines: isClosed ? lines.slice(0, last) : lines, isClosed };
}
