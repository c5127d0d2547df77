/** A test that shows something: its file, and its title as it stands in the code. */
export type Proof = readonly [file: string, title: string];

/** Something that was demanded, and what shows that it is so. */
export interface CoverageRow {
  readonly demand: string;
  readonly tests: readonly [Proof, ...Proof[]];
  /** What a test does not say. */
  readonly note?: string;
}

export interface CoverageSection {
  readonly title: string;
  readonly rows: readonly CoverageRow[];
}
