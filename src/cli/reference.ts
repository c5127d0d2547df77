import { type Command, type CommandEntry, type CommandGroup, EXIT } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { type Phrase, phrase } from './language.ts';

const INTRODUCTION = `# The command line

\`moongate\` is the command where the package is installed (\`npx moongate\`); in the repository it is
\`node dist/cli.js\` after \`npm ci\`. \`moongate COMMAND --help\` shows the same as this page.

Configuration comes from \`moongate.yaml\`, the environment, \`.env\` and the options, as docs/configuration.md says.
Colours are used at a terminal only, and not where \`NO_COLOR\` is set. \`--lang en\` and \`--lang zh\` choose the language;
else the locale does.
`;

const EXIT_CODES = `## Exit codes

| code | meaning |
| --- | --- |
| ${EXIT.ok} | it did what it was asked to |
| ${EXIT.failed} | it failed; the reason is on standard error |
| ${EXIT.usage} | the command line was wrong |
`;

/** The page docs/cli.md. */
export async function renderCliReference(): Promise<string> {
  const commands = await Promise.all(COMMANDS.flatMap((entry) => flattened(entry)).map(renderCommand));
  return [INTRODUCTION, ...commands, EXIT_CODES].join('\n');
}

function flattened(entry: CommandEntry | CommandGroup): readonly CommandEntry[] {
  const named = (command: CommandEntry) => ({ ...command, name: `${entry.name} ${command.name}` });
  return 'commands' in entry ? entry.commands.map(named) : [entry, ...(entry.subcommands ?? []).map(named)];
}

async function renderCommand({ name, summary, load }: CommandEntry): Promise<string> {
  const command = await load();
  const { args, details, options, examples = [] } = command;
  const parts = [
    `## moongate ${name}`,
    `${capitalised(english(summary))}.`,
    `\`\`\`text\nmoongate ${name}${options.length > 0 ? ' [options]' : ''}${args === undefined ? '' : ` ${args}`}\n\`\`\``,
    ...(details === undefined ? [] : [english(details)]),
    ...optionTable(command),
    ...examples.map(({ line, what }) => `${capitalised(english(what))}:\n\n\`\`\`sh\n${line}\n\`\`\``),
  ];
  return `${parts.join('\n\n')}\n`;
}

function optionTable({ options }: Command): readonly string[] {
  if (options.length === 0) return [];
  const rows = options.map(({ flags, summary }) => `| \`${flags}\` | ${english(summary).replaceAll('|', '\\|')} |`);
  return [['| option | meaning |', '| --- | --- |', ...rows].join('\n')];
}

const english = (words: Phrase): string => phrase(words, 'en');

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
