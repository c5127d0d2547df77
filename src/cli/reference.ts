import { type Command, type CommandEntry, type CommandGroup, EXIT } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { type Language, type Phrase, phrase } from './language.ts';

const INTRODUCTION: Phrase = {
  en: `# The command line

\`moongate\` is the command where the package is installed (\`npx moongate\`); in the repository it is
\`node dist/cli.js\` after \`npm ci\`. \`moongate COMMAND --help\` shows the same as this page. [中文](cli.zh-CN.md)

Configuration comes from \`moongate.yaml\`, the environment, \`.env\` and the options, as docs/configuration.md says.
Colours are used at a terminal only, and not where \`NO_COLOR\` is set. \`--lang en\` and \`--lang zh\` choose the language;
else the locale does.

For programs: what \`--json\` and \`--csv\` print goes to standard output alone, is the same in every language, and keeps its
members (further ones may come): [machine-output.md](machine-output.md). Everything for people may be worded anew at any time.
`,
  zh: `# 命令行

安装软件包后命令是 \`moongate\`（\`npx moongate\`）；在本仓库中，\`npm ci\` 之后是 \`node dist/cli.js\`。
\`moongate 命令 --help\` 显示与本页相同的内容。[English](cli.md)

配置来自 \`moongate.yaml\`、环境变量、\`.env\` 和命令行选项，详见 docs/configuration.md（英文）。
只有在终端中才使用颜色，设置 \`NO_COLOR\` 后不使用。语言由 \`--lang en\` 或 \`--lang zh\` 指定，否则按系统语言。

供程序使用：\`--json\` 和 \`--csv\` 的内容只写到标准输出，与语言无关，成员名保持稳定（以后可能增加），见 [machine-output.md](machine-output.md)（英文）。给人看的文字随时可能调整。
`,
};

const EXIT_CODES: Phrase = {
  en: `## Exit codes

| code | meaning |
| --- | --- |
| ${EXIT.ok} | it did what it was asked to |
| ${EXIT.failed} | it failed; the reason is on standard error |
| ${EXIT.usage} | the command line was wrong |
`,
  zh: `## 退出码

| 退出码 | 含义 |
| --- | --- |
| ${EXIT.ok} | 成功 |
| ${EXIT.failed} | 失败，原因见标准错误 |
| ${EXIT.usage} | 命令行有误 |
`,
};

/** The page docs/cli.md, and that in Chinese. */
export async function renderCliReference(language: Language): Promise<string> {
  const entries = COMMANDS.flatMap((entry) => flattened(entry));
  const commands = await Promise.all(entries.map((entry) => renderCommand(entry, language)));
  return [phrase(INTRODUCTION, language), ...commands, phrase(EXIT_CODES, language)].join('\n');
}

function flattened(entry: CommandEntry | CommandGroup): readonly CommandEntry[] {
  const named = (command: CommandEntry) => ({ ...command, name: `${entry.name} ${command.name}` });
  return 'commands' in entry ? entry.commands.map(named) : [entry, ...(entry.subcommands ?? []).map(named)];
}

async function renderCommand({ name, summary, load }: CommandEntry, language: Language): Promise<string> {
  const command = await load();
  const { args, details, options, examples = [] } = command;
  const say = (words: Phrase) => phrase(words, language);
  const [stop, colon] = [say({ en: '.', zh: '。' }), say({ en: ':', zh: '：' })];
  const parts = [
    `## moongate ${name}`,
    `${capitalised(say(summary))}${stop}`,
    `\`\`\`text\nmoongate ${name}${options.length > 0 ? ' [options]' : ''}${args === undefined ? '' : ` ${args}`}\n\`\`\``,
    ...(details === undefined ? [] : [say(details)]),
    ...optionTable(command, say),
    ...examples.map(({ line, what }) => `${capitalised(say(what))}${colon}\n\n\`\`\`sh\n${line}\n\`\`\``),
  ];
  return `${parts.join('\n\n')}\n`;
}

function optionTable({ options }: Command, say: (words: Phrase) => string): readonly string[] {
  if (options.length === 0) return [];
  const rows = options.map(({ flags, summary }) => `| \`${flags}\` | ${say(summary).replaceAll('|', '\\|')} |`);
  return [[say({ en: '| option | meaning |', zh: '| 选项 | 含义 |' }), '| --- | --- |', ...rows].join('\n')];
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
