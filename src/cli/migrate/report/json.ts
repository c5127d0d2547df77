import { phrase } from '../../language.ts';
import type { Report } from '../finding.ts';
import { titleOf } from './text.ts';

/** For a program; always in English. */
export function jsonReport({ findings, files, skipped }: Report): string {
  const say = (words: Parameters<typeof phrase>[0]) => phrase(words, 'en');
  const list = findings.map((finding) => {
    const { check, path, start, end, edits } = finding;
    return {
      check: check.id,
      level: check.level,
      path,
      line: start.line,
      column: start.column,
      end_line: end.line,
      end_column: end.column,
      message: titleOf(finding, say),
      why: say(check.why),
      link: check.link,
      moongate: say(check.gateway),
      remains: say(check.remains),
      fixable: edits !== undefined,
    };
  });
  const notRead = skipped.map(({ path, reason }) => ({ path, reason: say(reason) }));
  return `${JSON.stringify({ files, findings: list, skipped: notRead }, null, 2)}\n`;
}
