import { type Language, type Phrase, phrase } from '../src/cli/language.ts';
import type { Check } from '../src/cli/migrate/check.ts';
import { CHECKS } from '../src/cli/migrate/checks/index.ts';

const INTRODUCTION: Phrase = {
  en: `# Moving a code base: \`moongate migrate\`

[简体中文](migrate.zh-CN.md)

\`\`\`sh
moongate migrate .              # what does not fit Kimi, and changes nothing
moongate migrate --dry-run src  # what --fix would write, as a diff
moongate migrate --fix src      # rewrites what is safe
\`\`\`

It reads JavaScript, TypeScript (both with JSX) and Python by their syntax, so that a \`temperature\` counts only where it is an option of a
request: a client is known by the import it comes from, constants and spreads of the same file are followed, and what
belongs to another vendor's package or address is left alone. Each finding tells where it is, why, what moongate does
about it by itself, and what remains. It follows no value from one file into another, and knows no code that is put
together at run time.

Nothing is sent anywhere. A key that is found shows its last four characters, in reports and in diffs.

## What it reads

Folders of others and of build output (\`node_modules\`, \`vendor\`, \`dist\`, \`build\`, virtual environments, those whose name
begins with a dot), what \`.gitignore\` names, declaration files and minified files are left out; so are files over 1 MiB,
and everything after 20,000 files. What was left out for its size is named in the report.

\`moongate-ignore\` in a comment on the line, or alone on the line above, silences every finding there; ids behind it, with
commas between them, only those. \`moongate-ignore-file\` near the top silences a file.

## Reports

\`--format text\` (and \`--brief\` for a line each), \`json\`, or \`sarif\` (SARIF 2.1.0, for code hosts). Exit code 0: nothing was
found; 1: something was, or after \`--fix\` something is left; 2: the command line was wrong.

Levels: an \`error\` is refused by Kimi, a \`warning\` runs and does something else than was meant, a \`note\` has no effect.

## What --fix rewrites

Only what is certain, at its place, so that the formatting stays. What several requests share, what would need an import,
and what other code reads is left to you. A second run changes nothing.

## The checks
`,
  zh: `# 迁移代码：\`moongate migrate\`

[English](migrate.md)

\`\`\`sh
moongate migrate .              # 列出不适合 Kimi 的地方，不修改文件
moongate migrate --dry-run src  # 以 diff 显示 --fix 会写入的内容
moongate migrate --fix src      # 改写可以安全改写的内容
\`\`\`

它按语法读取 JavaScript、TypeScript（均含 JSX）与 Python：只有作为请求参数的 \`temperature\` 才会被报告。客户端由其导入来源识别，同一文件内的
常量与展开会被追踪，属于其他厂商的包或地址则不受影响。每处发现都说明位置、原因、moongate 自动做了什么、还需要做什么。
它不跨文件追踪值，也不识别运行时拼接的代码。

不发送任何内容。发现的密钥在报告与 diff 中只显示最后四位。

## 读取范围

不读取他人的目录与构建产物（\`node_modules\`、\`vendor\`、\`dist\`、\`build\`、虚拟环境、以点开头的目录）、\`.gitignore\` 列出的内容、
声明文件与压缩文件；超过 1 MiB 的文件以及 20,000 个文件之后的内容也不读取，因大小被跳过的文件会在报告中列出。

在该行注释、或上一行单独的注释中写 \`moongate-ignore\` 可忽略该处；其后可用逗号分隔写检查名，只忽略这些检查。
文件开头写 \`moongate-ignore-file\` 忽略整个文件。

## 报告

\`--format text\`（\`--brief\` 每处一行）、\`json\` 或 \`sarif\`（SARIF 2.1.0，供代码托管平台使用）。退出码 0：没有发现；1：有发现，或 \`--fix\` 之后
仍有剩余；2：命令行有误。

级别：error 会被 Kimi 拒绝；warning 能运行但效果不同；note 没有效果。

## --fix 的范围

只改写确定的内容，原位替换，保留格式。多个请求共用的、需要新增导入的、被其他代码读取的，都留给你处理。再次运行不会有新的改动。

## 检查项
`,
};

const LABELS = {
  gateway: 'moongate',
  remains: { en: 'Remains', zh: '需要做' },
  fix: '`--fix`',
  link: { en: 'See', zh: '参见' },
} as const satisfies Readonly<Record<string, Phrase>>;

export function renderMigrate(language: Language): string {
  const say = (words: Phrase) => phrase(words, language);
  return `${say(INTRODUCTION)}\n${CHECKS.map((check) => section(check, say)).join('\n')}`;
}

function section(
  { id, level, title, why, gateway, remains, fix, link }: Check,
  say: (words: Phrase) => string,
): string {
  const rows: readonly (readonly [Phrase, string])[] = [
    [LABELS.gateway, say(gateway)],
    [LABELS.remains, say(remains)],
    ...(fix === undefined ? [] : [[LABELS.fix, say(fix)] as const]),
    [LABELS.link, `<${link}>`],
  ];
  const list = rows.map(([label, text]) => `- ${say(label)}: ${text}`).join('\n');
  return `### ${id}\n\n${say(title)} (${level}). ${say(why)}\n\n${list}\n`;
}
