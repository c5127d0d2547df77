import { type Language, type Phrase, phrase } from '../language.ts';
import type { Probe } from './probe.ts';
import type { SharedName } from './shared-exchanges.ts';

export const GROUPS = [
  'models',
  'answers',
  'streams',
  'tools',
  'parameters',
  'messages',
  'errors',
  'anthropic',
  'responses',
] as const;
export type Group = (typeof GROUPS)[number];

/** One thing that a client counts on. */
export interface VerifyCheck {
  readonly id: string;
  readonly group: Group;
  /**
   * `protocol`: every client breaks without it. `dialect`: Kimi itself is known to differ here, and a gateway is there
   * to hide it.
   */
  readonly kind: 'protocol' | 'dialect';
  readonly title: Phrase;
  /** What it means for a user if it is not so. */
  readonly meaning: Phrase;
  /** Exchanges that several checks look at; each is made once. */
  readonly uses?: readonly SharedName[];
  /** How many requests of its own it makes. */
  readonly requests?: number;
  /** It sends much; run only if it is asked for. */
  readonly isHeavy?: true;
  run(probe: Probe): Promise<Verdict>;
}

export type Verdict =
  | { readonly is: 'conforms' }
  | { readonly is: 'differs'; readonly seen: Phrase }
  | { readonly is: 'skipped'; readonly reason: Phrase };

export const CONFORMS: Verdict = { is: 'conforms' };

const SEEN_LIMIT = 300;

/** What was seen instead, in a few words; the words of the endpoint are cut. */
export function differs(seen: Phrase): Verdict {
  if (typeof seen === 'string') return { is: 'differs', seen: cut(seen) };
  return { is: 'differs', seen: { en: cut(seen.en), zh: cut(seen.zh) } };
}

const cut = (text: string): string => (text.length > SEEN_LIMIT ? `${text.slice(0, SEEN_LIMIT)}…` : text);

export const skipped = (reason: Phrase): Verdict => ({ is: 'skipped', reason });

/** Conforms if there is no problem, else tells the first ones. */
export function verdictOf(problems: readonly Phrase[]): Verdict {
  if (problems.length === 0) return CONFORMS;
  const first = (language: Language, separator: string) =>
    [...new Set(problems.map((problem) => phrase(problem, language)))].slice(0, 3).join(separator);
  return differs({ en: first('en', '; '), zh: first('zh', '；') });
}
