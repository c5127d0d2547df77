export type PackedKind =
  | 'number'
  /** A text that many rows share. */
  | 'text'
  /** A text that no other row has. */
  | 'id';

/** Rows of one table on their way to it: every value a number, that of a text its place among the texts, NaN null. */
export interface PackedRows {
  readonly kinds: readonly PackedKind[];
  /** Row by row. */
  readonly numbers: Float64Array;
  readonly texts: readonly string[];
}

export type PackedValue = string | number | null;

export function rowCount({ kinds, numbers }: PackedRows): number {
  return numbers.length / kinds.length;
}

/** The values one after the other, as a statement takes them; of the rows from one on and before another, or of all. */
export function unpackRows(rows: PackedRows, from = 0, to = rowCount(rows)): PackedValue[] {
  const { kinds, numbers, texts } = rows;
  const first = from * kinds.length;
  const values = new Array<PackedValue>((to - from) * kinds.length);
  for (let place = 0; place < values.length; place++) {
    const number = numbers[first + place] ?? Number.NaN;
    const isText = kinds[place % kinds.length] !== 'number';
    values[place] = Number.isNaN(number) ? null : isText ? (texts[number] ?? null) : number;
  }
  return values;
}

/** What stands in a statement's text where the places of the rows' values belong. */
const PLACES = '(rows)';

/** The statement for so many rows of so many columns; `place` names the place of a value, counted from 1. */
export function statementFor(text: string, rows: number, columns: number, place: (number: number) => string): string {
  const group = (row: number) =>
    `(${Array.from({ length: columns }, (_, column) => place(row * columns + column + 1)).join(', ')})`;
  return text.replace(PLACES, Array.from({ length: rows }, (_, row) => group(row)).join(', '));
}

/**
 * Rows that wait to be written together. As objects they would outlive several collections, each of which moves them, and
 * they would be copied value by value into the thread of the database; so they are numbers in one array.
 */
export class RowPacker {
  readonly #kinds: readonly PackedKind[];
  readonly #numbers: Float64Array;
  readonly #places = new Map<string, number>();
  #texts: string[] = [];
  #length = 0;

  /** Room for `most` rows. */
  constructor(kinds: readonly PackedKind[], most: number) {
    this.#kinds = kinds;
    this.#numbers = new Float64Array(kinds.length * most);
  }

  get count(): number {
    return this.#length / this.#kinds.length;
  }

  get isFull(): boolean {
    return this.#length === this.#numbers.length;
  }

  /** The next value, row by row and in the order of the kinds. There must be room for it. */
  add(value: PackedValue): void {
    this.#numbers[this.#length] = typeof value === 'number' ? value : this.#placeOf(value);
    this.#length++;
  }

  packed(): PackedRows {
    return { kinds: this.#kinds, numbers: this.#numbers.subarray(0, this.#length), texts: this.#texts };
  }

  /** To be used again. */
  clear(): void {
    this.#length = 0;
    this.#texts = [];
    this.#places.clear();
  }

  #placeOf(text: string | null): number {
    if (text === null) return Number.NaN;
    const kind = this.#kinds[this.#length % this.#kinds.length];
    const known = kind === 'id' ? undefined : this.#places.get(text);
    if (known !== undefined) return known;
    const place = this.#texts.push(text) - 1;
    if (kind !== 'id') this.#places.set(text, place);
    return place;
  }
}
