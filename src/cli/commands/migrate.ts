import { headings } from '../columns.ts';
import { type Command, EXIT, notOneOf, type Terminal, textOption, UsageError } from '../command.ts';
import { colouredPatch } from '../edit/diff.ts';
import { phrase } from '../language.ts';
import { analyse, type Settings } from '../migrate/analyse.ts';
import type { Check } from '../migrate/check.ts';
import { CHECKS } from '../migrate/checks/index.ts';
import { LIMITS, SourceFiles } from '../migrate/files.ts';
import type { Finding, Report } from '../migrate/finding.ts';
import { jsonReport } from '../migrate/report/json.ts';
import { sarifReport } from '../migrate/report/sarif.ts';
import { textReport } from '../migrate/report/text.ts';
import { difference, rewrite } from '../migrate/rewrite.ts';
import type { SourceFile } from '../migrate/syntax/source-file.ts';
import { progressOf } from '../progress.ts';
import { table } from '../table.ts';

const DEFAULT_BASE_URL = 'http://127.0.0.1:8000/v1';
const FORMATS = ['text', 'json', 'sarif'] as const;
type Format = (typeof FORMATS)[number];

export const migrate: Command = {
  args: '[paths...]',
  details: {
    en: [
      'Reads JavaScript, TypeScript (with JSX) and Python by their syntax, changes nothing, and sends nothing anywhere. Exit code 0: nothing was',
      `found; 1: something was (with --fix: something remains); 2: the command line was wrong. Folders of others and of build output, what`,
      `.gitignore names, minified files and files over ${LIMITS.fileBytes} bytes are left out, and it stops after ${LIMITS.files} files.`,
      '`moongate-ignore` in a comment on the line, or alone on the one above, silences it; ids may follow. `moongate-ignore-file` near the top silences a file.',
      'What is found, and which of it --fix rewrites: docs/migrate.md.',
    ].join('\n'),
    zh: [
      '按语法读取 JavaScript、TypeScript（含 JSX）与 Python，默认不修改任何文件，也不发送任何内容。退出码 0：没有发现；',
      '1：有发现（使用 --fix 时：仍有剩余）；2：命令行有误。他人的目录、构建产物、.gitignore 列出的内容、压缩过的文件',
      `与超过 ${LIMITS.fileBytes} 字节的文件不读取，最多读取 ${LIMITS.files} 个文件。`,
      '在该行的注释中、或在上一行单独的注释中写 moongate-ignore（其后可跟检查名）即可忽略；文件开头写 moongate-ignore-file 忽略整个文件。',
      '检查项及 --fix 的范围：docs/migrate.zh-CN.md。',
    ].join('\n'),
  },
  options: [
    { flags: '--fix', summary: { en: 'rewrite what is safe to rewrite', zh: '改写可以安全改写的内容' } },
    {
      flags: '--dry-run',
      summary: {
        en: 'show what --fix would change, as a diff, and change nothing',
        zh: '以 diff 显示 --fix 的改动，不写文件',
      },
    },
    {
      flags: '--base-url <address>',
      summary: {
        en: `the base URL that --fix writes (default: ${DEFAULT_BASE_URL}, the gateway)`,
        zh: `--fix 写入的 base URL（默认：${DEFAULT_BASE_URL}，即网关）`,
      },
    },
    {
      flags: '--format <text|json|sarif>',
      summary: { en: 'how to report (default: text)', zh: '报告格式（默认：text）' },
    },
    {
      flags: '--only <checks>',
      summary: { en: 'only these checks, separated by commas', zh: '只运行这些检查，用逗号分隔' },
    },
    { flags: '--brief', summary: { en: 'one line for each finding', zh: '每处发现只占一行' } },
    { flags: '--list', summary: { en: 'list the checks', zh: '列出所有检查' } },
  ],
  examples: [
    {
      line: 'moongate migrate .',
      what: { en: 'what in this project does not fit Kimi', zh: '本项目中有哪些地方不适合 Kimi' },
    },
    { line: 'moongate migrate --dry-run src', what: { en: 'what would be rewritten', zh: '会改写哪些内容' } },
    {
      line: 'moongate migrate --format sarif . > migrate.sarif',
      what: { en: 'for a code host that shows findings beside the lines', zh: '供代码托管平台逐行显示' },
    },
  ],
  async run(terminal, values, args) {
    const checks = checksFor(textOption(values, 'only'));
    if (values['list'] === true) {
      terminal.stdout.write(listOf(checks, terminal));
      return EXIT.ok;
    }
    const format = formatOf(textOption(values, 'format') ?? 'text');
    const isDryRun = values['dryRun'] === true;
    const settings: Settings = { checks, baseUrl: baseUrlOf(textOption(values, 'baseUrl')) };
    const run: Run = {
      paths: args.length > 0 ? args : ['.'],
      settings,
      isDryRun,
      isFix: values['fix'] === true && !isDryRun,
    };
    const report = overFiles(run, terminal);
    // The diff is the answer of a dry run; a report behind it would make it useless to `git apply`.
    if (!isDryRun) terminal.stdout.write(rendered(report, format, values['brief'] === true, checks, terminal));
    return report.findings.length > 0 ? EXIT.failed : EXIT.ok;
  },
};

interface Run {
  readonly paths: readonly string[];
  readonly settings: Settings;
  readonly isDryRun: boolean;
  readonly isFix: boolean;
}

function overFiles({ paths, settings, isDryRun, isFix }: Run, terminal: Terminal): Report {
  const cwd = process.cwd();
  const files = new SourceFiles(cwd);
  const findings: Finding[] = [];
  const progress = progressOf(terminal);
  for (const file of sources(files, paths)) {
    progress.show(phrase({ en: `${files.count} files`, zh: `${files.count} 个文件` }, terminal.language));
    const after = isDryRun || isFix ? rewrite(file, settings, isFix ? cwd : undefined) : file;
    if (isDryRun && after !== file) terminal.stdout.write(colouredPatch(difference(file, after), terminal.stdout));
    findings.push(...analyse(isFix ? after : file, settings));
  }
  progress.end();
  return { findings, files: files.count, skipped: files.skipped };
}

function* sources(files: SourceFiles, paths: readonly string[]): Generator<SourceFile> {
  try {
    yield* files.read(paths);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || !('path' in cause)) throw cause;
    const isAbsent = cause.code === 'ENOENT';
    throw new UsageError({
      en: `${String(cause.path)} cannot be read: ${isAbsent ? 'there is no such file or folder' : cause.message}.`,
      zh: `无法读取 ${String(cause.path)}：${isAbsent ? '没有这个文件或目录' : cause.message}。`,
    });
  }
}

function rendered(
  report: Report,
  format: Format,
  isBrief: boolean,
  checks: readonly Check[],
  terminal: Terminal,
): string {
  if (format === 'json') return jsonReport(report);
  return format === 'sarif' ? sarifReport(report, checks) : textReport(report, isBrief, terminal);
}

function formatOf(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new UsageError(notOneOf('--format', FORMATS, text));
  return format;
}

function checksFor(only: string | undefined): readonly Check[] {
  if (only === undefined) return CHECKS;
  return only.split(',').map((part) => {
    const check = CHECKS.find(({ id }) => id === part.trim());
    if (check !== undefined) return check;
    throw new UsageError({
      en: `--only: there is no check "${part.trim()}"; --list shows them.`,
      zh: `--only：没有名为“${part.trim()}”的检查；用 --list 查看。`,
    });
  });
}

function baseUrlOf(text = DEFAULT_BASE_URL): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '') || /['"`\\\s]/.test(text)) {
    throw new UsageError({
      en: `--base-url takes an address such as ${DEFAULT_BASE_URL}, not "${text}".`,
      zh: `--base-url 需要形如 ${DEFAULT_BASE_URL} 的地址，而不是“${text}”。`,
    });
  }
  return text.replace(/\/+$/, '');
}

function listOf(checks: readonly Check[], { language }: Terminal): string {
  return table(
    headings(['CHECK', 'LEVEL', 'WHAT'], language),
    checks.map(({ id, level, title }) => [id, level, phrase(title, language)]),
  );
}
