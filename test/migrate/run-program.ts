import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of its own, with nothing of this machine in its environment. */
export async function run(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
  command = process.execPath,
): Promise<Ended> {
  const child = spawn(command, args, { cwd, env });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      texts[name] += piece;
    });
  }
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, ...texts };
}
