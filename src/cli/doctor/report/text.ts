import { styleText } from 'node:util';
import type { Terminal } from '../../command.ts';
import { type Phrase, phrase } from '../../language.ts';
import { plainText } from '../../plain-text.ts';
import { type Finding, type Group, type Outcome, worstOf } from '../doctor-check.ts';
import type { Result } from '../run-checks.ts';
import { countOf } from './json.ts';

const MARKS: Readonly<
  Record<Outcome, { readonly mark: string; readonly colour: 'green' | 'red' | 'yellow' | 'gray' }>
> = {
  ok: { mark: '✓', colour: 'green' },
  warning: { mark: '!', colour: 'yellow' },
  failed: { mark: '✗', colour: 'red' },
  skipped: { mark: '–', colour: 'gray' },
};

export const GROUP_TITLES: Readonly<Record<Group, Phrase>> = {
  here: { en: 'Here', zh: '本机' },
  network: { en: 'Network', zh: '网络' },
  accounts: { en: 'Accounts', zh: '账号' },
  answers: { en: 'Answers', zh: '回答' },
};

/** Hides what must not be shown. */
export type Mask = (text: string) => string;

/** What was done, what was seen, what to do: for a reader at a terminal. */
export function groupText(group: Group, results: readonly Result[], terminal: Terminal, mask: Mask): string {
  const { stdout, language } = terminal;
  const say = (words: Phrase) => plainText(mask(phrase(words, language)));
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream: stdout });
  const marked = (outcome: Outcome) => paint(MARKS[outcome].colour, MARKS[outcome].mark);
  const line = ({ outcome, about, seen, advice }: Finding): string => {
    const head = `      ${marked(outcome)} ${about === undefined ? '' : `${say(about)}: `}${indented(say(seen), 8)}\n`;
    return advice === undefined ? head : `${head}        ${paint('bold', '→')} ${indented(say(advice), 10)}\n`;
  };
  const checks = results.map(
    ({ check, findings }) =>
      `  ${marked(worstOf(findings))} ${check.id.padEnd(13)} ${paint('dim', say(check.title))}\n${findings.map(line).join('')}`,
  );
  return `${paint('bold', say(GROUP_TITLES[group]))}\n${checks.join('')}\n`;
}

const indented = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`);

export function summaryText(results: readonly Result[], { language }: Terminal): string {
  const { ok, warning, failed, skipped } = countOf(results);
  const words: Phrase = {
    en: `${ok} fine, ${warning} to look at, ${failed} in the way, ${skipped} not looked at.`,
    zh: `正常 ${ok}，注意 ${warning}，故障 ${failed}，未检查 ${skipped}。`,
  };
  return `${phrase(words, language)}\n`;
}
