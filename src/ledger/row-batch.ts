import { type PackedRows, RowPacker } from '../storage/packed-rows.ts';
import type { LedgerBodyTable, LedgerTable } from '../storage/tables/ledger.ts';
import { COLUMNS, KINDS } from './columns.ts';

const MOST_ROWS = 500;

/** Rows that are written together. */
export class RowBatch {
  /** What was said, where that is kept. */
  readonly bodies: LedgerBodyTable[] = [];
  readonly #rows = new RowPacker(KINDS, MOST_ROWS);

  get count(): number {
    return this.#rows.count;
  }

  get isFull(): boolean {
    return this.#rows.isFull;
  }

  /** There must be room for it. */
  add(row: LedgerTable): void {
    for (const column of COLUMNS) this.#rows.add(row[column]);
  }

  rows(): PackedRows {
    return this.#rows.packed();
  }

  /** To be used again. */
  clear(): void {
    this.bodies.length = 0;
    this.#rows.clear();
  }
}
