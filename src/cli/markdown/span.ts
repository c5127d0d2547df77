import { styleText } from 'node:util';
import { isWide, lettersOf, textWidth } from '../text-width.ts';

export type Style =
  | 'bold'
  | 'dim'
  | 'italic'
  | 'underline'
  | 'strikethrough'
  | 'cyan'
  | 'green'
  | 'yellow'
  | 'magenta'
  | 'blue'
  | 'red';

/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  readonly styles: readonly Style[];
}

export type Line = readonly Span[];

export function plainSpan(text: string): Span {
  return { text, styles: [] };
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** As the terminal gets it. */
export function paint(line: Line): string {
  return line
    .map(({ text, styles }) => (styles.length === 0 ? text : styleText([...styles], text, { validateStream: false })))
    .join('');
}

/** Marks that never begin a line in Chinese and Japanese. */
const NO_BREAK_BEFORE = /^[、。，．：；？！）」』】》〉”’…%,.;:!?)\]}]/u;
const UNITS = /\s+|[^\s]+/gu;

/** Breaks a line at spaces and between wide letters, so that no part takes more than so many columns. */
export function wrap(line: Line, columns: number): readonly Line[] {
  const rows = new Rows(Math.max(1, columns));
  for (const word of wordsOf(line)) rows.add(word);
  return rows.lines.map(merged);
}

class Rows {
  readonly lines: Span[][] = [[]];
  readonly #columns: number;
  #used = 0;
  /** Spaces that did not fit: what comes next begins a line. */
  #isFull = false;

  constructor(columns: number) {
    this.#columns = columns;
  }

  add(word: readonly Span[]): void {
    const size = lineWidth(word);
    const isSpace = /^\s*$/.test(word[0]?.text ?? '');
    const fits = !this.#isFull && this.#used + size <= this.#columns;
    // Where a line breaks, the spaces go.
    if (isSpace && !fits) this.#isFull = true;
    else if (fits) this.#put(word, size);
    else {
      if (this.#used > 0) this.#open();
      if (size <= this.#columns) this.#put(word, size);
      else this.#cut(word);
    }
  }

  #put(word: readonly Span[], size: number): void {
    this.lines.at(-1)?.push(...word);
    this.#used += size;
  }

  #open(): void {
    this.lines.push([]);
    this.#used = 0;
    this.#isFull = false;
  }

  /** What is wider than a line. */
  #cut(word: readonly Span[]): void {
    for (const { text, styles } of word) {
      for (const letter of lettersOf(text)) {
        const width = textWidth(letter);
        if (this.#used > 0 && this.#used + width > this.#columns) this.#open();
        this.#put([{ text: letter, styles }], width);
      }
    }
  }
}

/** What must stay together: runs between spaces, cut further between wide letters. */
function* wordsOf(line: Line): Generator<Span[]> {
  let word: Span[] = [];
  let endsWide = false;
  for (const { text, styles } of line) {
    for (const [unit] of text.matchAll(UNITS)) {
      if (/^\s/.test(unit)) {
        if (word.length > 0) yield word;
        word = [];
        yield [{ text: unit, styles }];
        continue;
      }
      for (const letter of lettersOf(unit)) {
        const wide = isWide(letter);
        if (word.length > 0 && (wide || endsWide) && !NO_BREAK_BEFORE.test(letter)) {
          yield word;
          word = [];
        }
        word.push({ text: letter, styles });
        endsWide = wide;
      }
    }
  }
  if (word.length > 0) yield word;
}

/** Neighbours in one style as one piece. */
function merged(line: Line): Line {
  const pieces: Span[] = [];
  for (const span of line) {
    const last = pieces.at(-1);
    if (last?.styles === span.styles) pieces[pieces.length - 1] = { text: last.text + span.text, styles: last.styles };
    else pieces.push(span);
  }
  return pieces;
}
