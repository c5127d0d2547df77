/**
 * `npm run agents [-- AGENT …]`: installs real coding agents into `.agents/`, lets each of them do a scripted task through the
 * gateway against the simulator, and writes docs/clients/results.md. With names it runs only those, and only prints.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Agent } from './agents/agent.ts';
import { claudeCode } from './agents/claude-code.ts';
import { codex } from './agents/codex.ts';
import { install } from './agents/install.ts';
import { kimiCode } from './agents/kimi-code.ts';
import { clawdbot, openclaw } from './agents/openclaw.ts';
import { opencode } from './agents/opencode.ts';
import { play, type Result } from './agents/play.ts';
import { renderResults } from './agents/results-page.ts';

const AGENTS: readonly Agent[] = [claudeCode, codex, kimiCode, opencode, clawdbot, openclaw];
const ROOT = resolve(import.meta.dirname, '..');

const names = process.argv.slice(2);
const unknown = names.find((name) => !AGENTS.some(({ id }) => id === name));
if (unknown !== undefined) throw new Error(`no agent ${unknown}; there are ${AGENTS.map(({ id }) => id).join(', ')}`);

const results: Result[] = [];
for (const agent of AGENTS.filter(({ id }) => names.length === 0 || names.includes(id)))
  results.push(...(await tryAgent(agent)));
if (names.length === 0) {
  const day = new Date().toISOString().slice(0, 10);
  mkdirSync(join(ROOT, 'docs/clients'), { recursive: true });
  writeFileSync(join(ROOT, 'docs/clients/results.md'), renderResults(results, day));
}
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

async function tryAgent(agent: Agent): Promise<Result[]> {
  const cases = agent.ways.flatMap((way) => way.surfaces.map((surface) => ({ way, surface })));
  let folder: string;
  try {
    folder = install(agent, join(ROOT, '.agents'));
  } catch (error) {
    const seen = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    return cases.map(({ way, surface }) => told({ agent, way, surface, passed: false, seen }));
  }
  const played: Result[] = [];
  for (const { way, surface } of cases) played.push(told(await play(agent, way, surface, folder)));
  return played;
}

function told(result: Result): Result {
  const { agent, way, surface, passed, seen } = result;
  console.log(`${passed ? 'passed' : 'FAILED'}  ${agent.id} ${agent.version}, ${way.protocol}, ${surface}: ${seen}`);
  return result;
}
