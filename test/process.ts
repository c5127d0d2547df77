import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from './setup.ts';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '..');
const CLI = join(ROOT, 'dist', 'cli.js');

/** `npm test` has built it; a single test may come first. */
export function builtCli(): string {
  if (!existsSync(CLI)) execFileSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT });
  return CLI;
}

/** The built program as a process of its own, in an empty folder and with an empty environment. */
export class Served implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly folder = mkdtempSync(join(tmpdir(), 'moongate-process-'));
  stdout = '';
  stderr = '';
  exitCode: number | null | undefined;

  constructor(settings: Settings | undefined, args: readonly string[]) {
    if (settings) this.configure(JSON.stringify(settings));
    this.child = spawn(process.execPath, [builtCli(), 'serve', ...args], { cwd: this.folder, env: {} });
    this.child.stdout?.on('data', (bytes) => {
      this.stdout += bytes;
    });
    this.child.stderr?.on('data', (bytes) => {
      this.stderr += bytes;
    });
    this.child.on('exit', (code) => {
      this.exitCode = code;
    });
  }

  /** JSON is YAML. */
  configure(text: string): void {
    writeFileSync(join(this.folder, 'moongate.yaml'), text);
  }

  /** Its address, once it listens. */
  async url(): Promise<string> {
    const [, url = ''] = await until(() => {
      if (this.exitCode !== undefined) throw new Error(`it ended with ${this.exitCode}: ${this.stderr}`);
      return /listens on (http:\S+)/.exec(this.stdout);
    }, 'the banner');
    return url;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async exit(): Promise<number | null> {
    await until(() => this.exitCode !== undefined, 'the end of the process');
    return this.exitCode ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.exitCode === undefined) this.child.kill('SIGKILL');
    await this.exit();
    rmSync(this.folder, { recursive: true });
  }
}

export async function serve(settings: Settings | undefined, ...args: string[]): Promise<Served> {
  const served = new Served(settings, args);
  await served.url();
  return served;
}
