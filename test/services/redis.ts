import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { until } from '../until.ts';
import { redisServer } from './binaries.ts';
import { freePort } from './free-port.ts';

/** A Redis server of a test's own, which keeps nothing and which the test may stop and start. */
export class Redis implements AsyncDisposable {
  readonly #program: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(program: string, port: number) {
    this.#program = program;
    this.port = port;
  }

  static async start(): Promise<Redis> {
    const program = redisServer();
    if (program === undefined) throw new Error('There is no Redis on this machine: node scripts/ensure-services.ts');
    const redis = new Redis(program, await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#process = spawn(this.#program, args, { stdio: 'ignore', cwd: tmpdir() });
    await until(() => this.#answers(), 'Redis');
  }

  /** Breaks every connection; what it knew is gone. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
