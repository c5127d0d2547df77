import { spawn, spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Rig, startRig } from '../setup.ts';
import { runHere } from './in-process.ts';
import { Folder, hasPython } from './moongate.ts';

/** What `moongate setup` prints for a library is run as it is printed, by a process of its own, against a gateway. */

const MODULES = resolve(import.meta.dirname, '../../node_modules');
const hasOpenai = hasPython && spawnSync('python3', ['-c', 'import openai']).status === 0;

interface Program {
  readonly client: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const NODE: readonly Program[] = [
  { client: 'openai-node', file: 'program.mjs', from: 'import OpenAI', to: 'console.log(' },
  { client: 'ai-sdk', file: 'program.mjs', from: 'import { createOpenAICompatible', to: 'console.log(' },
  { client: 'langchain', file: 'program.mjs', from: 'import { ChatOpenAI', to: 'console.log(' },
];
const PYTHON: Program = { client: 'openai-python', file: 'program.py', from: 'from openai', to: 'print(' };

/** From its first line to the last one, which prints the answer. */
async function printed({ client, from, to }: Program, url: string): Promise<string> {
  const { stdout, code } = await runHere(['setup', client, '--url', url, '--key', 'any', '--model', 'kimi-k2.6']);
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  const begin = lines.findIndex((line) => line.startsWith(from));
  const end = lines.findIndex((line) => line.startsWith(to));
  expect(begin, stdout).toBeGreaterThan(-1);
  return `${lines.slice(begin, end + 1).join('\n')}\n`;
}

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

/** Not synchronously: the gateway is in this process. */
function run(folder: Folder, command: string, args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path };
  const child = spawn(command, args, { cwd: folder.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}

function expectOneCall(rig: Rig, { code, said }: Ran): void {
  const asked = rig.simulator.calls.filter(({ path }) => path.endsWith('/chat/completions'));
  expect({ code, statuses: asked.map(({ status }) => status) }, said).toEqual({ code: 0, statuses: [200] });
  expect(asked[0]?.body).toMatchObject({ model: 'kimi-k2.6', messages: [{ role: 'user' }] });
  expect(JSON.stringify(asked[0]?.body)).toContain('Hello, Kimi');
  expect(said.trim()).not.toBe('');
  expect(said).not.toMatch(/undefined|null|Error/);
}

describe('the program that setup prints', () => {
  test.each(NODE)('for $client gets an answer', async (program) => {
    await using rig = await startRig();
    using folder = new Folder();
    symlinkSync(MODULES, join(folder.path, 'node_modules'));
    writeFileSync(join(folder.path, program.file), await printed(program, rig.url));
    expectOneCall(rig, await run(folder, process.execPath, [program.file]));
  });

  test('for openai-node gets its address and key from the file that --file writes, too', async () => {
    await using rig = await startRig();
    using folder = new Folder();
    symlinkSync(MODULES, join(folder.path, 'node_modules'));
    const env = join(folder.path, '.env');
    const code = (await printed(NODE[0] as Program, rig.url)).replace(/new OpenAI\(\{.*\}\)/, 'new OpenAI()');
    expect(code).toContain('new OpenAI()');
    writeFileSync(join(folder.path, 'program.mjs'), code);
    const written = ['setup', 'openai-node', '--yes', '--file', env, '--home', folder.path, '--url', rig.url];
    expect((await runHere(written)).code).toBe(0);
    expectOneCall(rig, await run(folder, process.execPath, ['--env-file=.env', 'program.mjs']));
  });

  test.skipIf(!hasPython)('for openai-python is Python', async () => {
    using folder = new Folder();
    writeFileSync(join(folder.path, PYTHON.file), await printed(PYTHON, 'http://gate.test:9000'));
    expect(await run(folder, 'python3', ['-m', 'py_compile', PYTHON.file])).toEqual({ code: 0, said: '' });
  });

  test.skipIf(!hasOpenai)('for openai-python gets an answer', async () => {
    await using rig = await startRig();
    using folder = new Folder();
    writeFileSync(join(folder.path, PYTHON.file), await printed(PYTHON, rig.url));
    expectOneCall(rig, await run(folder, 'python3', [PYTHON.file]));
  });
});
