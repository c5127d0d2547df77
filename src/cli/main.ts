#!/usr/bin/env node
import { Command as Program } from 'commander';
import { GatewayError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { type Command, EXIT } from './command.ts';
import { COMMANDS } from './commands/index.ts';

/** argv to command; the exit code is the command's. */
async function main(argv: readonly string[]): Promise<number> {
  const [name] = argv;
  // Only the command that is called is loaded; the help needs them all.
  const called = COMMANDS.filter((command) => command.name === name);
  const commands = await Promise.all((called.length > 0 ? called : COMMANDS).map((command) => command.load()));
  let code: number = EXIT.ok;
  const program = new Program('moongate').description('The gateway in front of Kimi.').version(VERSION).exitOverride();
  for (const command of commands) add(program, command, (result) => (code = result));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    return report(thrown);
  }
}

function add(program: Program, command: Command, done: (code: number) => void): void {
  const sub = program.command(`${command.name}${command.args ? ` ${command.args}` : ''}`).description(command.summary);
  for (const { flags, summary } of command.options) sub.option(flags, summary);
  sub.action(async (...given: unknown[]) => {
    const args = given
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === 'string');
    const terminal = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
    done(await command.run(terminal, sub.opts(), args));
  });
}

function report(thrown: unknown): number {
  if (
    thrown instanceof Error &&
    'exitCode' in thrown &&
    'code' in thrown &&
    String(thrown.code).startsWith('commander.')
  ) {
    return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const error = GatewayError.from(thrown);
  const why =
    error.code === 'internal' && error.cause instanceof Error
      ? (error.cause.stack ?? error.cause.message)
      : error.message;
  process.stderr.write(`moongate: ${why}\n`);
  if (error.hint !== undefined) process.stderr.write(`${error.hint}\n`);
  return EXIT.failed;
}

process.exitCode = await main(process.argv.slice(2));
