/** `npm run bench`: what moongate costs, beside what else could stand in its place. See docs/performance.md. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CANDIDATES, type Candidate, installPortkey, MOONGATE } from './candidates.ts';
import { type Contestant, direct, startContestant } from './field.ts';
import { compare, type Pace } from './measure.ts';
import { type MemoryFigure, measureMemory } from './memory.ts';
import { writePage } from './page.ts';
import { type Results, tables, verdictLines, verdicts } from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import { measureStart, measureWord, type StartFigure } from './startup.ts';
import { Upstream } from './upstream-process.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    without: { type: 'string', multiple: true, default: [] },
    against: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const HELP = `node bench/run.ts [options]

  --quick         short rounds: under two minutes, rougher figures
  --only NAME     one scenario (may be repeated): ${SCENARIOS.map(({ name }) => name).join(', ')}, memory, start
  --without NAME  leave a candidate out (may be repeated): ${CANDIDATES.map(({ name }) => name).join(', ')}
  --against DIR   compare with another build of moongate too (its dist folder)
  --json FILE     write the figures as JSON
  --write         write docs/performance.md
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = `${ROOT}dist`;
const PACE: Pace = options.quick
  ? { rounds: 3, roundMs: 400, warmUpMs: 600 }
  : { rounds: 7, roundMs: 1_200, warmUpMs: 2_500 };
const STARTS = options.quick ? 3 : 7;
/** Runs an hour at the very most, whatever happens. */
const LONGEST_MS = 3_600_000;

const wanted = (name: string) => options.only.length === 0 || options.only.includes(name);

function build(): void {
  if (existsSync(`${DIST}/cli.js`)) return;
  execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'inherit' });
}

/** Every candidate with the build that it runs, where that is one of moongate. */
function candidates(): { candidate: Candidate; dist: string }[] {
  const all = CANDIDATES.filter(({ name }) => !options.without.includes(name)).map((candidate) => ({
    candidate,
    dist: DIST,
  }));
  if (options.against === undefined) return all;
  return [...all, { candidate: { ...MOONGATE, name: 'against' }, dist: resolve(options.against) }];
}

async function main(): Promise<boolean> {
  build();
  installPortkey();
  const missing: Record<string, string> = {};
  const present = candidates().filter(({ candidate }) => {
    const why = candidate.missing?.();
    if (why !== undefined) missing[candidate.name] = why;
    return why === undefined;
  });
  const upstream = await Upstream.start();
  const scenarios = await measureScenarios(present, upstream);
  const results: Results = {
    node: process.version,
    cores: availableParallelism(),
    rounds: PACE.rounds,
    roundMs: PACE.roundMs,
    scenarios,
    memory: wanted('memory') ? await measureMemories(present, upstream) : [],
    start: wanted('start') ? await measureStarts(present, upstream) : [],
    missing,
  };
  console.log(`\n${tables(results)}\n\n${verdictLines(results)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (options.write) writePage(`${ROOT}docs/performance.md`, results);
  return verdicts(results).every(({ passed }) => passed);
}

type Present = ReturnType<typeof candidates>;

async function measureScenarios(present: Present, upstream: Upstream): Promise<Results['scenarios']> {
  const asked = SCENARIOS.filter(({ name }) => wanted(name));
  if (asked.length === 0) return [];
  await upstream.answerWith('small');
  const contestants: Contestant[] = [direct(upstream)];
  for (const { candidate, dist } of present) contestants.push(await startContestant(candidate, upstream, dist));
  const results = [];
  for (const scenario of asked) {
    console.error(`${scenario.name}: ${scenario.title}`);
    results.push({ scenario, figures: await compare(scenario, contestants, upstream, PACE) });
  }
  for (const { name, program } of contestants) if (name !== 'direct') await program.stop();
  return results;
}

async function measureMemories(present: Present, upstream: Upstream): Promise<MemoryFigure[]> {
  console.error('memory');
  const figures: MemoryFigure[] = [];
  for (const { candidate, dist } of present) {
    await upstream.answerWith('small');
    const contestant = await startContestant(candidate, upstream, dist);
    figures.push(await measureMemory(contestant, upstream));
    await contestant.program.stop();
  }
  return figures;
}

async function measureStarts(present: Present, upstream: Upstream): Promise<StartFigure[]> {
  console.error('start');
  const figures: StartFigure[] = [];
  for (const { candidate, dist } of present) figures.push(await measureStart(candidate, upstream, dist, STARTS));
  for (const word of ['--version', '--help']) figures.push(await measureWord(DIST, word, STARTS));
  return figures;
}

if (options.help) {
  console.log(HELP);
  process.exit(0);
}
setTimeout(() => process.exit(3), LONGEST_MS).unref();
const passed = await main();
process.exit(passed ? 0 : 1);
