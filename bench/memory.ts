import { type Contestant, renderRequest } from './field.ts';
import { Load } from './load.ts';
import { sleep } from './program.ts';
import type { Upstream } from './upstream-process.ts';

export interface MemoryFigure {
  readonly name: string;
  readonly idleBytes: number;
  readonly loadedBytes: number;
  /** How many streams were really open. */
  readonly streams: number;
}

const STREAMS = 1_000;
const LONGEST_WAIT_MS = 8_000;

/** Memory of a process that has just started, and with many slow streams open. */
export async function measureMemory(contestant: Contestant, upstream: Upstream): Promise<MemoryFigure> {
  const { name, program, port } = contestant;
  await upstream.answerWith('held');
  await sleep(300);
  const idleBytes = program.residentBytes();
  const load = new Load({ port, request: renderRequest(contestant, 'small-stream'), connections: STREAMS });
  await load.open();
  load.start();
  const until = performance.now() + LONGEST_WAIT_MS;
  while (load.begun < STREAMS && performance.now() < until) await sleep(50);
  await sleep(1_000);
  const figure = { name, idleBytes, loadedBytes: program.residentBytes(), streams: load.begun };
  load.close();
  await sleep(300);
  return figure;
}
