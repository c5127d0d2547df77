import { lettersOf, textWidth } from '../../src/cli/text-width.ts';

/** What a terminal of so many columns shows of what was written: line feeds, cursor up, erasing, nothing else. */
export class Screen {
  readonly columns: number;
  readonly rows: number;
  readonly isTTY = true;
  /** Everything, as it was written. */
  raw = '';
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows = 30) {
    this.columns = columns;
    this.rows = rows;
  }

  /** As the views take it, which only write and ask for the size. */
  get stream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }

  get text(): string {
    return this.#lines.map((line) => line.join('').trimEnd()).join('\n');
  }

  write(text: string): boolean {
    this.raw += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences are what is looked for
    for (const [piece, , count, order] of text.matchAll(/\u001b\[(\??)([\d;]*)([A-Za-z])|[\s\S]/gu)) {
      if (order !== undefined) this.#obey(order, Number(count) || 0);
      else if (piece === '\n') this.#feed();
      else if (piece === '\r') this.#column = 0;
      else this.#put(piece);
    }
    return true;
  }

  #obey(order: string, count: number): void {
    if (order === 'A') this.#row = Math.max(0, this.#row - count);
    if (order === 'K') this.#line.length = Math.min(this.#line.length, this.#column);
    if (order === 'J') {
      this.#line.length = Math.min(this.#line.length, this.#column);
      this.#lines.length = this.#row + 1;
    }
  }

  get #line(): string[] {
    const line = this.#lines[this.#row] ?? [];
    this.#lines[this.#row] = line;
    return line;
  }

  #feed(): void {
    this.#row++;
    this.#column = 0;
    this.#lines[this.#row] ??= [];
  }

  #put(letter: string): void {
    const width = textWidth(lettersOf(letter)[0] ?? '');
    if (width > 0 && this.#column + width > this.columns) this.#feed();
    const line = this.#line;
    while (line.length < this.#column) line.push(' ');
    if (width === 0) {
      line[Math.max(0, this.#column - 1)] = `${line[Math.max(0, this.#column - 1)] ?? ''}${letter}`;
      return;
    }
    line[this.#column] = letter;
    if (width === 2) line[this.#column + 1] = '';
    this.#column += width;
  }
}
