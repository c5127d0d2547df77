import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/cli/command.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Outcome } from './moongate.ts';

/** Runs a command without a process of its own, on streams that are no terminal. */
export async function runHere(args: readonly string[]): Promise<Outcome> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const terminal = { stdin: new PassThrough(), stdout, stderr, language: 'en' } as unknown as Terminal;
  const code = await runProgram(args, terminal);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
