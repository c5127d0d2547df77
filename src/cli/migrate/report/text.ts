import { styleText } from 'node:util';
import type { Terminal } from '../../command.ts';
import { type Phrase, phrase } from '../../language.ts';
import { plainText } from '../../plain-text.ts';
import type { Level } from '../check.ts';
import type { Finding, Report } from '../finding.ts';

const LEVELS: Readonly<Record<Level, { readonly word: Phrase; readonly colour: 'red' | 'yellow' | 'cyan' }>> = {
  error: { word: { en: 'error', zh: '错误' }, colour: 'red' },
  warning: { word: { en: 'warning', zh: '警告' }, colour: 'yellow' },
  note: { word: { en: 'note', zh: '提示' }, colour: 'cyan' },
};

/** For a reader at a terminal: `path:line:column`, what, why, and what to do. */
export function textReport(report: Report, isBrief: boolean, terminal: Terminal): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    styleText(style, text, { stream: terminal.stdout });
  const say = (words: Phrase) => plainText(phrase(words, terminal.language));
  const lines = report.findings.map((finding) => {
    const { check, path, start } = finding;
    const { word, colour } = LEVELS[check.level];
    const head = `${paint('bold', `${plainText(path)}:${start.line}:${start.column}`)}  ${paint(colour, say(word))}  ${titleOf(finding, say)}  ${paint('dim', check.id)}`;
    if (isBrief) return `${head}\n`;
    const rows: readonly [Phrase, string][] = [
      [{ en: 'why', zh: '原因' }, say(check.why)],
      ['moongate', say(check.gateway)],
      [{ en: 'remains', zh: '需要做' }, `${say(check.remains)}${finding.edits ? ` (--fix)` : ''}`],
      [{ en: 'see', zh: '参见' }, check.link],
    ];
    return `${head}\n${rows.map(([label, text]) => `    ${paint('dim', say(label))}${say(COLON)}${text}\n`).join('')}\n`;
  });
  const skipped = report.skipped.map(
    ({ path, reason }) => `${plainText(path)}${say(COLON)}${say({ en: 'not read, ', zh: '未读取，' })}${say(reason)}\n`,
  );
  return [...lines, ...skipped, `${say(summary(report))}\n`].join('');
}

const COLON: Phrase = { en: ': ', zh: '：' };

export function titleOf({ check, what }: Finding, say: (words: Phrase) => string): string {
  return what === undefined ? say(check.title) : `${say(check.title)}${say(COLON)}${say(what)}`;
}

function summary({ findings, files }: Report): Phrase {
  if (files === 0) return NOTHING_READ;
  if (findings.length === 0) {
    return { en: `Nothing to change in ${counted(files)}.`, zh: `${files} 个文件中没有需要修改的地方。` };
  }
  const places = new Set(findings.map(({ path }) => path)).size;
  const fixable = findings.filter(({ edits }) => edits !== undefined).length;
  return {
    en: `${findings.length === 1 ? '1 finding' : `${findings.length} findings`} in ${places} of ${counted(files)}; --fix can rewrite ${fixable} of them.`,
    zh: `${files} 个文件中有 ${places} 个存在问题，共 ${findings.length} 处；--fix 可改写其中 ${fixable} 处。`,
  };
}

const NOTHING_READ: Phrase = {
  en: 'There is no JavaScript, TypeScript or Python file to read here; what is left out: moongate migrate --help',
  zh: '这里没有可读取的 JavaScript、TypeScript 或 Python 文件；哪些文件不读取：moongate migrate --help',
};

const counted = (files: number): string => (files === 1 ? '1 file' : `${files} files`);
