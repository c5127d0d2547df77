import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const CLI = resolve(import.meta.dirname, '../../dist/cli.js');
const BRIDGE = resolve(import.meta.dirname, 'pty-bridge.py');

export const hasPython = spawnSync('python3', ['--version']).status === 0;

export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** An empty folder to run in. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'moongate-cli-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Nothing of the machine that runs the tests, and an address at which no gateway can be. */
function environment({ env }: Surroundings): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: tmpdir(),
    TERM: 'xterm-256color',
    MOONGATE_LISTEN: '127.0.0.1:9',
    ...env,
  };
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end, with `input` on a pipe. */
export async function moongate(args: readonly string[], surroundings: Surroundings, input = ''): Promise<Outcome> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: surroundings.cwd, env: environment(surroundings) });
  const stdout = gather(child.stdout);
  const stderr = gather(child.stderr);
  child.stdin.end(input);
  const code = await ended(child);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** A command that runs until it is stopped, on pipes or in a terminal. */
export class Session implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  readonly #shown: { text: string };
  readonly #changed = new Set<() => void>();
  #seen = 0;

  constructor(command: string, args: readonly string[], surroundings: Surroundings) {
    const child = spawn(command, args, { cwd: surroundings.cwd, env: environment(surroundings) });
    this.child = child;
    this.exit = ended(child);
    this.#shown = gather(child.stdout, () => {
      for (const look of this.#changed) look();
    });
  }

  static onPipes(args: readonly string[], surroundings: Surroundings): Session {
    return new Session(process.execPath, [CLI, ...args], surroundings);
  }

  static inTerminal(args: readonly string[], surroundings: Surroundings): Session {
    return new Session('python3', [BRIDGE, process.execPath, CLI, ...args], surroundings);
  }

  /** Everything that was shown, without colours and cursor movements. */
  get text(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences are what is looked for
    return this.#shown.text.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll('\r', '');
  }

  get raw(): string {
    return this.#shown.text;
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Resolves with the match when `pattern` was shown behind the last match. */
  async until(pattern: RegExp | string): Promise<RegExpExecArray> {
    const { promise, resolve: found, reject } = Promise.withResolvers<RegExpExecArray>();
    const source = typeof pattern === 'string' ? new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : pattern;
    const look = () => {
      const match = source.exec(this.text.slice(this.#seen));
      if (match === null) return;
      this.#seen += match.index + match[0].length;
      found(match);
    };
    this.#changed.add(look);
    const timer = setTimeout(
      () => reject(new Error(`${source} was not shown after: ${this.text.slice(this.#seen)}`)),
      40_000,
    );
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#changed.delete(look);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }
}

function gather(stream: NodeJS.ReadableStream, changed: () => void = () => {}): { text: string } {
  const gathered = { text: '' };
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    gathered.text += piece;
    changed();
  });
  return gathered;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.once('close', (code) => done(code)));
}
