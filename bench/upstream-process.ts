import { fileURLToPath } from 'node:url';
import type { AnswerName } from './answers.ts';
import { Program } from './program.ts';
import type { UpstreamOrder, UpstreamReport } from './upstream.ts';

/** The upstream as the benchmark sees it: it is told what to answer, and asked what it sent. */
export class Upstream {
  readonly port: number;
  readonly program: Program;

  private constructor(program: Program, port: number) {
    this.program = program;
    this.port = port;
  }

  static async start(): Promise<Upstream> {
    const file = fileURLToPath(new URL('./upstream.ts', import.meta.url));
    const program = new Program(process.execPath, [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { port } = await nextReport(program);
    return new Upstream(program, port);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async answerWith(answer: AnswerName): Promise<void> {
    await this.#order({ answer });
  }

  report(): Promise<UpstreamReport> {
    return this.#order({ report: true });
  }

  #order(order: UpstreamOrder): Promise<UpstreamReport> {
    const report = nextReport(this.program);
    this.program.child.send(order);
    return report;
  }
}

function nextReport({ child, exited }: Program): Promise<UpstreamReport> {
  const gone = exited.then(() => Promise.reject(new Error('the upstream of the benchmark has ended')));
  return Promise.race([
    new Promise<UpstreamReport>((resolve) => child.once('message', (report) => resolve(report as UpstreamReport))),
    gone,
  ]);
}
