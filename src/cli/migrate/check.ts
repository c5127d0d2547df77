import type { Phrase } from '../language.ts';
import type { OpenAiCode } from './code/openai-code.ts';
import type { Edit } from './edit.ts';
import type { Span } from './syntax/expression.ts';

/** `error`: Kimi refuses it. `warning`: it runs, and does something else. `note`: it has no effect. */
export type Level = 'error' | 'warning' | 'note';

/** One thing in which code written for OpenAI does not fit Kimi. */
export interface Check {
  readonly id: string;
  readonly level: Level;
  readonly title: Phrase;
  readonly why: Phrase;
  /** Where the vendor says so, or where it was seen. */
  readonly link: string;
  /** What moongate does by itself when the code stays as it is. */
  readonly gateway: Phrase;
  /** What is left for the owner of the code. */
  readonly remains: Phrase;
  /** What --fix writes, where it is sure. */
  readonly fix?: Phrase;
  find(code: OpenAiCode): Iterable<Found>;
}

export interface Found extends Span {
  /** What is there, if the title does not say it all. */
  readonly what?: Phrase;
  /** How to rewrite it, where that is safe. */
  readonly edits?: readonly Edit[];
}

/** The vendor's guide; the same page in Chinese is at platform.kimi.com. */
export const GUIDE = 'https://platform.kimi.ai/docs/guide/migrating-from-openai-to-kimi';
export const CHAT_REFERENCE = 'https://platform.kimi.ai/docs/api/chat';
