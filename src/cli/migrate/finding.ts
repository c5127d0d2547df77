import type { Phrase } from '../language.ts';
import type { Check } from './check.ts';
import type { Edit } from './edit.ts';
import type { Position } from './syntax/source-file.ts';

export interface Finding {
  readonly check: Check;
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
  readonly what: Phrase | undefined;
  readonly edits: readonly Edit[] | undefined;
}

/** What a run over a code base gives. */
export interface Report {
  readonly findings: readonly Finding[];
  /** How many files were read. */
  readonly files: number;
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  readonly path: string;
  readonly reason: Phrase;
}
