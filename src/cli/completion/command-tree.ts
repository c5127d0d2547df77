import type { CommandEntry, CommandGroup } from '../command.ts';
import { type Language, phrase } from '../language.ts';

/** What a shell has to know of a command. */
export interface CompletedCommand {
  /** The words behind `moongate`: `config check`; empty for the program itself. */
  readonly path: readonly string[];
  /** Commands behind it, and words that it takes. */
  readonly children: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly CompletedOption[];
}

export interface CompletedOption {
  /** `--follow`, `-f`. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly summary: string;
}

/** The program and every command below it. */
export async function commandTree(
  commands: readonly (CommandEntry | CommandGroup)[],
  language: Language,
): Promise<readonly CompletedCommand[]> {
  const children = commands.map((entry) => ({ name: entry.name, summary: phrase(entry.summary, language) }));
  const tree: CompletedCommand[] = [{ path: [], children, options: [GLOBAL(language)] }];
  for (const entry of commands) await add(tree, entry, [], language);
  return tree;
}

async function add(
  tree: CompletedCommand[],
  entry: CommandEntry | CommandGroup,
  before: readonly string[],
  language: Language,
): Promise<void> {
  const path = [...before, entry.name];
  const inner = 'commands' in entry ? entry.commands : (entry.subcommands ?? []);
  const command = 'commands' in entry ? undefined : await entry.load();
  tree.push({
    path,
    children: [...inner, ...(command?.words ?? [])].map(({ name, summary }) => ({
      name,
      summary: phrase(summary, language),
    })),
    options: [
      ...(command?.options ?? []).map(({ flags, summary }) => toOption(flags, phrase(summary, language))),
      GLOBAL(language),
    ],
  });
  for (const child of inner) await add(tree, child, path, language);
}

function toOption(flags: string, summary: string): CompletedOption {
  const names = flags.match(/(?<![\w-])--?[A-Za-z][\w-]*/g) ?? [];
  return { names, takesValue: /[<[]/.test(flags), summary: summary.replaceAll(/\s+/g, ' ') };
}

const GLOBAL = (language: Language): CompletedOption =>
  toOption('--lang <en|zh>', phrase({ en: 'speak English or Chinese', zh: '使用英文或中文' }, language));
