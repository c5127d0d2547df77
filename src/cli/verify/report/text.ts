import { styleText } from 'node:util';
import type { Terminal } from '../../command.ts';
import { type Phrase, phrase } from '../../language.ts';
import { plainText } from '../../plain-text.ts';
import { type Outcome, outcomeOf, type Result, tally, type VerifyReport } from '../run-checks.ts';
import { GROUPS } from '../verify-check.ts';
import { GROUP_TITLES, LABELS, summaryOf } from './words.ts';

const MARKS: Readonly<
  Record<Outcome, { readonly mark: string; readonly colour: 'green' | 'red' | 'yellow' | 'gray' }>
> = {
  conforms: { mark: '✓', colour: 'green' },
  differs: { mark: '✗', colour: 'red' },
  known: { mark: '~', colour: 'yellow' },
  skipped: { mark: '–', colour: 'gray' },
};

/** For a reader at a terminal: a line for each check, and for one that differs what was seen and what it means. */
export function textReport(report: VerifyReport, terminal: Terminal): string {
  const say = (words: Phrase) => plainText(phrase(words, terminal.language));
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    styleText(style, text, { stream: terminal.stdout });
  const width = Math.max(...report.results.map(({ check }) => check.id.length), 0);
  const line = (result: Result): string => {
    const { mark, colour } = MARKS[outcomeOf(result, report)];
    const head = `  ${paint(colour, mark)} ${result.check.id.padEnd(width)}  ${say(result.check.title)}\n`;
    const more = detailsOf(result).map(
      ([label, text]) => `      ${paint('dim', say(label))}${say(COLON)}${say(text)}\n`,
    );
    return head + more.join('');
  };
  const groups = GROUPS.flatMap((group) => {
    const own = report.results.filter(({ check }) => check.group === group);
    return own.length === 0 ? [] : [`${paint('bold', say(GROUP_TITLES[group]))}\n${own.map(line).join('')}\n`];
  });
  const title = `${say(report.endpoint)}, ${plainText(report.model)}\n\n`;
  return `${title}${groups.join('')}${say(summaryOf(tally(report), report.requests))}\n`;
}

const COLON: Phrase = { en: ': ', zh: '：' };

function detailsOf({ check, verdict }: Result): readonly (readonly [Phrase, Phrase])[] {
  if (verdict.is === 'differs') {
    return [
      [LABELS.seen, verdict.seen],
      [LABELS.means, check.meaning],
    ];
  }
  return verdict.is === 'skipped' ? [[LABELS.because, verdict.reason]] : [];
}
