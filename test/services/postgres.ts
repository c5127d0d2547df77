import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { until } from '../until.ts';
import { postgresFolder } from './binaries.ts';
import { freePort } from './free-port.ts';

/** A PostgreSQL server of a test's own, which it may stop and start. */
export class Postgres implements AsyncDisposable {
  readonly #bin: string;
  readonly #folder: string;
  readonly #user: { readonly uid?: number; readonly gid?: number };
  readonly port: number;
  #process: ChildProcess | undefined;
  #databases = 0;

  private constructor(bin: string, port: number) {
    this.#bin = bin;
    this.port = port;
    this.#user = serverUser();
    this.#folder = mkdtempSync(join(tmpdir(), 'moongate-postgres-'));
    if (this.#user.uid !== undefined) chownSync(this.#folder, this.#user.uid, this.#user.gid ?? this.#user.uid);
    const options = ['-D', join(this.#folder, 'data'), '-U', 'moongate', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    execFileSync(join(bin, 'initdb'), options, { stdio: 'ignore', cwd: this.#folder, ...this.#user });
  }

  static async start(): Promise<Postgres> {
    const bin = postgresFolder();
    if (bin === undefined) throw new Error('There is no PostgreSQL on this machine: node scripts/ensure-services.ts');
    const postgres = new Postgres(bin, await freePort());
    await postgres.start();
    return postgres;
  }

  async start(): Promise<void> {
    const settings = [
      'fsync=off',
      'max_connections=60',
      'shared_buffers=16MB',
      `unix_socket_directories=${this.#folder}`,
    ];
    const args = ['-D', join(this.#folder, 'data'), '-h', '127.0.0.1', '-p', String(this.port)];
    this.#process = spawn(join(this.#bin, 'postgres'), [...args, ...settings.flatMap((setting) => ['-c', setting])], {
      stdio: 'ignore',
      cwd: this.#folder,
      ...this.#user,
    });
    await until(() => this.#answers(), 'PostgreSQL', 20_000);
  }

  /** Breaks every connection. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  }

  /** The address of a new, empty database. */
  async createDatabase(): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.query('postgres', `create database ${name}`);
    return this.url(name);
  }

  async query(database: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  url(database: string): string {
    return `postgres://moongate:never-shown-4711@127.0.0.1:${this.port}/${database}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    try {
      await this.query('postgres', 'select 1');
      return true;
    } catch {
      return false;
    }
  }
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
