import { ANSWERS } from './answers.ts';
import { type Contestant, fetchInit, renderRequest } from './field.ts';
import { Load } from './load.ts';
import { median, sleep } from './program.ts';
import { type Scenario, unitsPerAnswer } from './scenarios.ts';
import type { Upstream } from './upstream-process.ts';

export interface Pace {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
}

export interface Figure {
  readonly name: string;
  /** Processor time of the contestant's own process, microseconds per request or chunk. */
  readonly cpuMicros: number;
  readonly perSecond: number;
  /** `cpuMicros` as a multiple of the bare pass-through's in the same round. */
  readonly toBare: number;
  readonly failure?: string;
}

interface Sample {
  readonly cpuMicros: number;
  readonly perSecond: number;
}

/** All contestants in one scenario, round by round, so that what disturbs the machine disturbs them alike. */
export async function compare(
  scenario: Scenario,
  contestants: readonly Contestant[],
  upstream: Upstream,
  pace: Pace,
): Promise<Figure[]> {
  await upstream.answerWith(scenario.answer);
  const samples = new Map<Contestant, Sample[]>();
  const failures = new Map<Contestant, string>();
  const take = async (contestant: Contestant, ms: number, how = scenario): Promise<Sample | undefined> => {
    if (failures.has(contestant)) return undefined;
    try {
      return await measure(how, contestant, upstream, ms);
    } catch (thrown) {
      failures.set(contestant, thrown instanceof Error ? thrown.message : String(thrown));
      return undefined;
    }
  };
  // As fast as it goes: at a slow rate code would still be compiled while it is measured.
  const { perSecond: _, ...warmUp } = scenario;
  for (const contestant of contestants) {
    await check(scenario, contestant).catch((error: Error) => failures.set(contestant, error.message));
    await take(contestant, pace.warmUpMs, warmUp);
    samples.set(contestant, []);
  }
  for (let round = 0; round < pace.rounds; round++) {
    for (const contestant of rotated(contestants, round)) {
      const sample = await take(contestant, pace.roundMs);
      if (sample) samples.get(contestant)?.push(sample);
    }
  }
  const bare = contestants.find(({ name }) => name === 'bare');
  const reference = bare ? (samples.get(bare) ?? []) : [];
  return contestants.map((contestant) => {
    const failure = failures.get(contestant);
    const figure = summary(contestant.name, samples.get(contestant) ?? [], reference);
    return failure === undefined ? figure : { ...figure, failure };
  });
}

function summary(name: string, samples: readonly Sample[], reference: readonly Sample[]): Figure {
  return {
    name,
    cpuMicros: median(samples.map(({ cpuMicros }) => cpuMicros)),
    perSecond: median(samples.map(({ perSecond }) => perSecond)),
    toBare: median(samples.map(({ cpuMicros }, round) => cpuMicros / (reference[round]?.cpuMicros ?? Number.NaN))),
  };
}

/** Nobody always comes first. */
function rotated<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

async function measure(scenario: Scenario, contestant: Contestant, upstream: Upstream, ms: number): Promise<Sample> {
  const { port, program } = contestant;
  const load = new Load({
    port,
    request: renderRequest(contestant, scenario.request),
    connections: scenario.connections,
    perSecond: scenario.perSecond,
  });
  await load.open();
  try {
    await sleep(20);
    if (scenario.paced) {
      await upstream.answerWith(scenario.answer);
      return await watch(load, contestant, upstream, ms);
    }
    const before = program.cpuMicros();
    const { answered, seconds } = await load.run(ms);
    const units = answered * unitsPerAnswer(scenario);
    return { cpuMicros: (program.cpuMicros() - before) / units, perSecond: units / seconds };
  } finally {
    load.close();
  }
}

/** Streams in the middle of their course: their beginning and end are not counted. */
async function watch(load: Load, { program }: Contestant, upstream: Upstream, ms: number): Promise<Sample> {
  load.start();
  await sleep(250);
  const begun = performance.now();
  const [cpu, before] = [program.cpuMicros(), await upstream.report()];
  await sleep(ms);
  const after = await upstream.report();
  const chunks = after.eventsSent - before.eventsSent;
  return {
    cpuMicros: (program.cpuMicros() - cpu) / chunks,
    perSecond: chunks / ((performance.now() - begun) / 1_000),
  };
}

/** Fast and wrong does not count: the answer has to be all there. */
async function check(scenario: Scenario, { port, headers }: Contestant): Promise<void> {
  const plan = ANSWERS[scenario.answer];
  if (scenario.paced) return;
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, fetchInit(scenario.request, headers));
  const text = await response.text();
  if (!response.ok) throw new Error(`answered ${response.status}: ${text.slice(0, 300)}`);
  if (plan.kind === 'whole') {
    const sent = JSON.parse(plan.bytes.toString('utf8', plan.bytes.indexOf('\r\n\r\n') + 4));
    if (JSON.stringify(JSON.parse(text).choices) !== JSON.stringify(sent.choices)) throw new Error('another answer');
    return;
  }
  const events = text.split('\n\n').filter((event) => event.startsWith('data: {')).length;
  const wanted = plan.eventsPerBurst * plan.bursts + 1;
  if (events !== wanted) throw new Error(`${events} chunks came instead of ${wanted}`);
}
