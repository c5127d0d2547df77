import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Agent, Call, Start, SurfaceName, Way } from './agent.ts';
import { type Line, startAgentRig } from './rig.ts';

export interface Result {
  readonly agent: Agent;
  readonly way: Way;
  readonly surface: SurfaceName;
  readonly passed: boolean;
  /** What was seen, for the table. */
  readonly seen: string;
}

/** The slowest agent needs about 50 s at its first start. */
const LIMIT_MS = 240_000;
const CONTENT = 'Hello from Kimi 你好';
const END = 'Both files are there.';

/** Lets an agent write a file, copy it with a command and say that it is done; looks at the disk. */
export async function play(agent: Agent, way: Way, surface: SurfaceName, folder: string): Promise<Result> {
  const place = mkdtempSync(join(tmpdir(), `moongate-${agent.id}-`));
  const [home, work] = [join(place, 'home'), join(place, 'work')];
  for (const made of [home, work]) mkdirSync(made);
  const [note, copy] = [join(work, 'note.txt'), join(work, 'copy.txt')];
  await using rig = await startAgentRig(surface);
  const prompt = promptOf(agent.write(note, CONTENT), agent.run(`cp ${note} ${copy} && cat ${copy}`));
  const { origin, model } = rig;
  const bin = (name: string) => join(folder, 'node_modules', '.bin', name);
  try {
    const begunAt = performance.now();
    const said = await run(way.start({ home, work, origin, model, prompt, bin }), home, work);
    const seconds = ((performance.now() - begunAt) / 1000).toFixed(1);
    const isOnDisk = [note, copy].every((file) => existsSync(file) && readFileSync(file, 'utf8').trim() === CONTENT);
    const lines = await rig.lines();
    const passed = isOnDisk && said.includes(END) && lines.every(({ status = 200 }) => status < 400);
    return { agent, way, surface, passed, seen: seenOf(rig.asked(), lines, passed ? undefined : said, seconds) };
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** In the simulator's script language: docs/simulator.md. */
function promptOf(write: Call, command: Call): string {
  const called = ({ tool, input }: Call) => `tool ${tool} ${JSON.stringify(input)}`;
  return [
    'Write a file, copy it, and say when both are there.',
    '```sim',
    'think First the file.',
    'say I write the file.',
    called(write),
    'turn 2',
    'think Now the copy.',
    'say Now I copy it.',
    called(command),
    'turn 3',
    `say ${END}`,
    '```',
  ].join('\n');
}

function run({ command, args, env = {}, files = {}, stdin }: Start, home: string, work: string): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
  const child = spawn(command, args, {
    cwd: work,
    env: { PATH: path, HOME: home, LANG: 'C.UTF-8', NO_COLOR: '1', ...env },
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => {}); // one that does not read may be gone already
  child.stdin.end(stdin ?? '');
  const { promise, resolve } = Promise.withResolvers<string>();
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
  child.on('error', (error) => resolve(error.message));
  child.on('close', () => resolve(said));
  return promise;
}

function seenOf(
  asked: readonly string[],
  lines: readonly Line[],
  failure: string | undefined,
  seconds: string,
): string {
  const refused = lines.find(({ status = 200 }) => status >= 400);
  const rules = new Set(lines.flatMap(({ repairs = [] }) => repairs.map((repair) => repair.split(':')[0] ?? '')));
  const why = refused
    ? `${refused.status} at ${refused.path}: ${refused.why ?? ''}`
    : (failure ?? '')
        .replaceAll(/\S*[/\\]\S*/g, '…')
        .trim()
        .slice(-200);
  return [
    `${asked.length} answers from ${[...new Set(asked)].join(', ') || 'nowhere'}`,
    `repairs: ${[...rules].join(', ') || 'none'}`,
    `${seconds} s`,
    ...(failure === undefined ? [] : [`failed: ${why.replaceAll(/\s+/g, ' ')}`]),
  ].join('; ');
}
