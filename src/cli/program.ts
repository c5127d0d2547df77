import { Command as Program } from 'commander';
import { VERSION } from '../version.ts';
import {
  type Command,
  type CommandEntry,
  type CommandGroup,
  EXIT,
  notOneOf,
  type Terminal,
  UsageError,
} from './command.ts';
import { addHelpCommand, complaint, inLanguage } from './commander-words.ts';
import { COMMANDS } from './commands/index.ts';
import { describeFailure } from './describe-failure.ts';
import { type Phrase, phrase, unknownLanguage, withoutLanguage } from './language.ts';

interface Context {
  readonly argv: readonly string[];
  readonly terminal: Terminal;
  done(code: number): void;
}

/** argv to command; resolves with the command's exit code. */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.ok;
  const { language } = terminal;
  const say = (words: Phrase) => phrase(words, language);
  const program = named('moongate', { en: 'The gateway in front of Kimi.', zh: 'Kimi 前面的网关。' }, terminal).version(
    VERSION,
    '-V, --version',
    say({ en: 'show the version', zh: '显示版本' }),
  );
  addHelpCommand(program, language);
  program.addHelpText('after', `\n${say(MORE)}`);
  const context: Context = { argv: plainCommand(argv), terminal, done: (result) => (code = result) };
  for (const entry of COMMANDS) await add(program, entry, context);
  try {
    const stranger = unknownLanguage(argv);
    if (stranger !== undefined) throw new UsageError(notOneOf('--lang', ['en', 'zh'], stranger));
    if (context.argv.length === 0) {
      program.outputHelp();
      return EXIT.ok;
    }
    await program.parseAsync([...context.argv], { from: 'user' });
    return code;
  } catch (thrown) {
    return report(thrown, terminal);
  }
}

const MORE: Phrase = {
  en: [
    'Examples:',
    '  moongate init                  from a key to a working gateway, by questions',
    '  moongate serve --demo          a gateway in front of the simulator, without an account',
    '  moongate chat "Hello, Kimi"    one question; without one, a dialogue',
    '',
    '`moongate COMMAND --help` has the options and examples of each.',
  ].join('\n'),
  zh: [
    '示例：',
    '  moongate init                  回答几个问题，从密钥到可用的网关',
    '  moongate serve --demo          使用模拟器的网关，无需账号',
    '  moongate chat "你好，Kimi"      问一个问题；不带问题则进入对话',
    '',
    '`moongate 命令 --help` 显示该命令的选项和示例。',
  ].join('\n'),
};

/** The command with its options: the language is chosen already, and `help models set` is `models set --help`. */
function plainCommand(argv: readonly string[]): readonly string[] {
  const [first, ...words] = withoutLanguage(argv);
  if (first !== 'help') return first === undefined ? [] : [first, ...words];
  // Of a name that is none the parser says what was meant.
  const isKnown = words.length === 0 || COMMANDS.some(({ name }) => name === words[0]);
  return isKnown ? [...words, '--help'] : words;
}

function named(name: string, summary: Phrase, { stdout, stderr, language }: Terminal): Program {
  const program = new Program(name)
    .description(phrase(summary, language))
    .option(
      '--lang <en|zh>',
      phrase(
        { en: 'speak English or Chinese (default: the locale)', zh: '使用英文或中文（默认：按系统语言）' },
        language,
      ),
    )
    // `models --config x` and `models set y --config x` are different options.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(complaint(text, language)),
    });
  return inLanguage(program, language);
}

async function add(parent: Program, entry: CommandEntry | CommandGroup, context: Context): Promise<void> {
  const { argv, terminal } = context;
  const { name, summary } = entry;
  const program = named(name, summary, terminal);
  parent.addCommand(program);
  if ('commands' in entry || entry.subcommands !== undefined) addHelpCommand(program, terminal.language);
  if ('commands' in entry) {
    const rest = argv[0] === name ? argv.slice(1) : [];
    for (const command of entry.commands) await add(program, command, { ...context, argv: rest });
    return;
  }
  // Only the command that is called is loaded.
  const isCalled = argv[0] === name;
  if (isCalled) fill(program, await entry.load(), context);
  const inner = { ...context, argv: argv[0] === name ? argv.slice(1) : argv };
  for (const command of entry.subcommands ?? []) await add(program, command, inner);
}

function fill(program: Program, command: Command, { terminal, done }: Context): void {
  const say = (words: Phrase) => phrase(words, terminal.language);
  if (command.args !== undefined) program.arguments(command.args);
  for (const { flags, summary, repeated } of command.options) {
    if (repeated)
      program.option(flags, say(summary), (value: string, before: readonly string[] = []) => [...before, value]);
    else program.option(flags, say(summary));
  }
  if (command.details !== undefined) program.addHelpText('after', `\n${say(command.details)}`);
  const examples = command.examples ?? [];
  if (examples.length > 0) {
    program.addHelpText(
      'after',
      `\n${say({ en: 'Examples:', zh: '示例：' })}\n${examples.map(({ line, what }) => `  ${line}\n      ${say(what)}`).join('\n')}`,
    );
  }
  program.action(async (...given: unknown[]) => {
    const args = given
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === 'string');
    // Where the language comes from the locale, a gateway that is asked should know it, too.
    done(await command.run(terminal, { ...program.opts(), lang: terminal.language }, args));
  });
}

function report(thrown: unknown, { stderr, language }: Terminal): number {
  if (isCommanderError(thrown)) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (thrown instanceof UsageError) {
    stderr.write(`moongate: ${phrase(thrown.words, language)}\n`);
    return EXIT.usage;
  }
  const { why, hint, error } = describeFailure(thrown, language);
  const isUnknown = error?.code === 'internal' && error.cause instanceof Error;
  stderr.write(`moongate: ${isUnknown && error.cause instanceof Error ? (error.cause.stack ?? why) : why}\n`);
  if (hint !== undefined) stderr.write(`${hint}\n`);
  return EXIT.failed;
}

function isCommanderError(thrown: unknown): thrown is Error & { readonly exitCode: number } {
  return (
    thrown instanceof Error &&
    'exitCode' in thrown &&
    typeof thrown.exitCode === 'number' &&
    'code' in thrown &&
    String(thrown.code).startsWith('commander.')
  );
}
