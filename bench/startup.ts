import { join } from 'node:path';
import { type Candidate, untilServing } from './candidates.ts';
import { fetchInit, headersFor, newFolder } from './field.ts';
import { median, Program } from './program.ts';
import type { Upstream } from './upstream-process.ts';

export interface StartFigure {
  readonly what: string;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** From the start of the process to the answer of its first request. */
export async function measureStart(
  candidate: Candidate,
  upstream: Upstream,
  dist: string,
  times: number,
): Promise<StartFigure> {
  const wall: number[] = [];
  const cpu: number[] = [];
  await upstream.answerWith('small');
  for (let time = 0; time < times; time++) {
    const begun = performance.now();
    const started = await candidate.start({ upstream: upstream.origin, folder: newFolder(), dist });
    await untilServing(started, fetchInit('small', headersFor(candidate, upstream)));
    wall.push(performance.now() - begun);
    cpu.push(started.program.cpuMicros() / 1_000);
    await started.program.stop();
  }
  return { what: `${candidate.name}: start to first answer`, wallMs: median(wall), cpuMs: median(cpu) };
}

/** Says at its end on standard output what it has cost. */
const REPORT_AT_EXIT =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();console.log("cpu="+(user+system))})';

/** A command that only says something: `--version`, `--help`. */
export async function measureWord(dist: string, word: string, times: number): Promise<StartFigure> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let time = 0; time < times; time++) {
    const begun = performance.now();
    const args = ['--import', REPORT_AT_EXIT, join(dist, 'cli.js'), word];
    const program = new Program(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    program.child.stdout?.on('data', (piece: Buffer) => {
      text += piece;
    });
    await program.exited;
    wall.push(performance.now() - begun);
    cpu.push(Number(/cpu=(\d+)/.exec(text)?.[1]) / 1_000);
  }
  return { what: `moongate ${word}`, wallMs: median(wall), cpuMs: median(cpu) };
}
