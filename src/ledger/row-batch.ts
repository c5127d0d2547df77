import type { LedgerBodyTable, LedgerTable } from '../storage/tables/ledger.ts';

/** Rows of one batch, and the bytes that they may take; a row is about half a kilobyte. */
const MOST_ROWS = 500;
const MOST_BYTES = 384 * 1024;

/**
 * Rows that are written together. They wait as JSON in a buffer: as objects they would outlive several collections, and
 * moving them costs more than writing and reading the text.
 */
export class RowBatch {
  /** What was said, where that is kept. */
  readonly bodies: LedgerBodyTable[] = [];
  readonly #bytes = Buffer.allocUnsafe(MOST_BYTES);
  #length = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === MOST_ROWS;
  }

  /** False if there is no room for it. */
  add(row: LedgerTable): boolean {
    const text = JSON.stringify(row);
    // A character takes three bytes at most, and a comma stands before it.
    if (this.isFull || this.#length + text.length * 3 + 1 > MOST_BYTES) return false;
    if (this.#count > 0) this.#length += this.#bytes.write(',', this.#length, 'latin1');
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
    this.#count++;
    return true;
  }

  rows(): readonly LedgerTable[] {
    return JSON.parse(`[${this.#bytes.toString('utf8', 0, this.#length)}]`) as LedgerTable[];
  }

  /** To be used again. */
  clear(): void {
    this.bodies.length = 0;
    this.#length = 0;
    this.#count = 0;
  }
}
