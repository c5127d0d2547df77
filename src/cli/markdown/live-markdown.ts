import type { HLJSApi } from 'highlight.js';
import type { Token, TokensList } from 'marked';
import { plainText } from '../plain-text.ts';
import { cutToWidth } from '../text-width.ts';
import { LiveLines } from './live-lines.ts';
import { OpenCode } from './open-code.ts';
import { renderBlocks } from './render-blocks.ts';
import { type Line, paint } from './span.ts';
import { asIfFinished, withoutBareMarks } from './unfinished.ts';

export interface MarkdownParts {
  readonly lex: (source: string) => TokensList;
  readonly highlighter: HLJSApi;
}

/** Loaded when the first answer comes: the start of the program does not wait for it. */
export async function loadMarkdown(): Promise<MarkdownParts> {
  const [{ lexer }, { default: highlighter }] = await Promise.all([
    import('marked'),
    import('highlight.js/lib/common'),
  ]);
  return { lex: (source) => lexer(source), highlighter };
}

/** What comes faster is shown together. */
const EVERY_MS = 30;
const NARROWEST = 20;

/** Markdown that is shown while it arrives. Blocks that are complete are written once and forgotten. */
export class LiveMarkdown {
  readonly #out: NodeJS.WriteStream;
  readonly #parts: MarkdownParts;
  readonly #lines: LiveLines;
  /** From the first block on that may still change. */
  #source = '';
  #hasBlocks = false;
  #code: OpenCode | undefined;
  #shownAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: NodeJS.WriteStream, parts: MarkdownParts) {
    this.#out = out;
    this.#parts = parts;
    this.#lines = new LiveLines(out);
  }

  push(text: string): void {
    this.#source += plainText(text);
    if (this.#timer !== undefined) return;
    const wait = this.#shownAt + EVERY_MS - performance.now();
    if (wait <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Shows what has come so far. */
  flush(): void {
    this.#show(false);
  }

  /** Shows the rest, and ends the line. */
  end(): void {
    this.#show(true);
    if (this.#lines.isLineOpen) this.#lines.update([], []);
  }

  #show(isLast: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#shownAt = performance.now();
    const tokens = this.#parts.lex(isLast ? this.#source : withoutBareMarks(this.#source));
    const open = isLast ? tokens.length : tokens.findLastIndex(({ type }) => type !== 'space');
    const settled = tokens.slice(0, Math.max(0, open));
    const lines = settled.flatMap((token) => this.#settledLines(token));
    this.#source = this.#source.slice(settled.reduce((sum, { raw }) => sum + raw.length, 0));
    const { done, live } = isLast ? { done: [], live: [] } : this.#openLines(tokens[open]);
    this.#lines.update([...lines, ...done].map(paint), live.map(paint));
  }

  /** The lines of a block that are not shown for good yet. */
  #settledLines(token: Token): readonly Line[] {
    const code = this.#code ?? (isFence(token) ? this.#openCode() : undefined);
    this.#code = undefined;
    if (code) return code.rest(token.raw);
    const lines = renderBlocks([token], this.#page);
    return lines.length === 0 ? [] : [...this.#gap(), ...lines];
  }

  #openLines(token: Token | undefined): { done: readonly Line[]; live: readonly Line[] } {
    if (token === undefined) return { done: [], live: [] };
    if (this.#code || isFence(token)) {
      this.#code ??= this.#openCode();
      return this.#code.grow(token.raw, this.#columns);
    }
    const lines = renderBlocks(this.#parts.lex(asIfFinished(token.raw)), this.#page);
    if (lines.length === 0) return { done: [], live: [] };
    const gap: readonly Line[] = this.#hasBlocks ? [[]] : [];
    const width = this.#columns;
    // A block of code inside a list may have longer lines than the terminal.
    return { done: [], live: [...gap, ...lines.map((line) => fitted(line, width))] };
  }

  #openCode(): OpenCode {
    return new OpenCode(this.#gap(), this.#page.highlighter);
  }

  #gap(): readonly Line[] {
    const gap: readonly Line[] = this.#hasBlocks ? [[]] : [];
    this.#hasBlocks = true;
    return gap;
  }

  get #columns(): number {
    return Math.max(NARROWEST, (this.#out.columns || 80) - 1);
  }

  get #page() {
    return { columns: this.#columns, highlighter: this.#parts.highlighter };
  }
}

const isFence = ({ type, raw }: Token): boolean => type === 'code' && /^ {0,3}(?:```|~~~)/.test(raw);

function fitted(line: Line, columns: number): Line {
  let room = columns;
  return line.map(({ text, styles }) => {
    const cut = cutToWidth(text.replaceAll('\t', '    '), Math.max(0, room));
    room -= cut.length;
    return { text: cut, styles };
  });
}
