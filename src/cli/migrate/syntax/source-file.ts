import type { Span } from './expression.ts';

export type Language = 'javascript' | 'typescript' | 'python';

export interface Position {
  /** Both from 1; a column counts UTF-16 units, as editors and SARIF do. */
  readonly line: number;
  readonly column: number;
}

export class SourceFile {
  /** As it is shown: relative to where the command was started, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly language: Language;
  readonly #lineStarts: readonly number[];

  constructor(path: string, text: string, language: Language) {
    this.path = path;
    this.text = text;
    this.language = language;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  get isPython(): boolean {
    return this.language === 'python';
  }

  slice({ from, to }: Span): string {
    return this.text.slice(from, to);
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** The line that holds the offset, without its end. */
  lineAt(offset: number): Span {
    const { line } = this.position(offset);
    const from = this.#lineStarts[line - 1] ?? 0;
    const end = this.text.indexOf('\n', from);
    return { from, to: end < 0 ? this.text.length : end };
  }
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'typescript',
  py: 'python',
};

/** By the ending of the name; undefined for what is not read. Declarations hold no code. */
export function languageOf(path: string): Language | undefined {
  if (/\.d\.[cm]?ts$/.test(path)) return undefined;
  return LANGUAGES[/\.([a-z]+)$/.exec(path)?.[1] ?? ''];
}
