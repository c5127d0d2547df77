import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from './agent.ts';

/** Installs an agent into a folder of its own below `cache`, unless it is there. Returns the folder. */
export function install(agent: Agent, cache: string): string {
  const folder = join(cache, agent.id);
  const manifest = join(folder, 'node_modules', ...agent.package.split('/'), 'package.json');
  if (existsSync(manifest) && versionIn(manifest) === agent.version) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides: agent.overrides ?? {} }));
  const args = ['install', '--no-audit', '--no-fund', '--loglevel', 'error', `${agent.package}@${agent.version}`];
  const done = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`npm install of ${agent.package} failed: ${firstLine(done.stderr)}`);
  return folder;
}

function versionIn(manifest: string): unknown {
  const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined;
}

/** Without addresses and paths, which differ from machine to machine. */
function firstLine(said: string): string {
  const [line = 'it said nothing'] = said
    .split('\n')
    .filter((text) => !/code|https?:|[/\\]/.test(text) && text.trim() !== '');
  return line.replace(/^npm error \d* ?/, '').slice(0, 200);
}
