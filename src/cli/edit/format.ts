import { type Phrase, phrase } from '../language.ts';
import type { Change } from './wanted.ts';

export type FormatName = 'json' | 'json5' | 'yaml' | 'toml' | 'env';

/** A kind of configuration file: how it is read, and how one value is set without touching the rest of the text. */
export interface Format {
  /** For messages: `JSON5`. */
  readonly title: string;
  /** What the text says; a map, or undefined for a text that says nothing. Throws Malformed. */
  read(text: string): unknown;
  /** The text with one value set. The caller checks the result by reading it. */
  put(text: string, change: Change): string;
}

/** The text is not of its format. */
export class Malformed extends Error {
  /** Where in the text, if the parser tells. */
  readonly offset: number | undefined;
  /** A plain string is what a parser says, in its own words. */
  readonly words: Phrase;

  constructor(words: Phrase, offset?: number) {
    super(phrase(words, 'en'));
    this.words = words;
    this.offset = offset;
  }
}
