import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../src/cli/migrate/checks/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { Folder, moongate } from '../cli/moongate.ts';
import { expectedFindings } from './fixture-expectations.ts';
import { run } from './run-program.ts';

const hasOpenai = spawnSync('python3', ['-c', 'import openai']).status === 0;
const FIXTURE = resolve(import.meta.dirname, 'fixture');
const KEY = 'sk-Zy98Xw76Vu54Ts32Rq10Po98';

interface Found {
  readonly check: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly fixable: boolean;
}

/** A copy of the fixture to work on, with the real client in reach. */
class Copy extends Folder {
  constructor() {
    super();
    cpSync(FIXTURE, this.path, { recursive: true });
    symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(this.path, 'node_modules'));
  }

  migrate(...args: string[]) {
    return moongate(['migrate', ...args], { cwd: this.path });
  }

  async findings(): Promise<readonly Found[]> {
    const { stdout } = await this.migrate('--format', 'json', '.');
    return (JSON.parse(stdout) as { findings: readonly Found[] }).findings;
  }

  read(path: string): string {
    return readFileSync(join(this.path, path), 'utf8');
  }
}

const shown = (found: readonly Found[]) => found.map(({ path, line, check }) => `${path}:${line} ${check}`).sort();

describe('the fixture', () => {
  test('has every known problem reported, and nothing else', async () => {
    using copy = new Copy();
    const expected = expectedFindings(FIXTURE);
    expect(expected.length).toBeGreaterThanOrEqual(40);
    expect(shown(await copy.findings())).toEqual(expected);
  });

  test('shows every check at least once', () => {
    const seen = new Set(expectedFindings(FIXTURE).map((line) => line.split(' ')[1]));
    expect(CHECKS.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
  });

  test('--fix leaves what needs a person, and a second run changes nothing', async () => {
    using copy = new Copy();
    await copy.migrate('--fix', '.');
    const rest = await copy.findings();
    expect(rest.filter(({ fixable }) => fixable)).toEqual([]);
    expect(rest.length).toBeLessThan(expectedFindings(FIXTURE).length / 2);
    const files = ['js/app.mjs', 'js/more.cjs', 'ts/service.ts', 'ts/view.tsx', 'python/app.py', 'ts/summary.mts'];
    const once = files.map((path) => copy.read(path));
    await copy.migrate('--fix', '.');
    expect(files.map((path) => copy.read(path))).toEqual(once);
    expect(copy.read('innocent/look-alikes.ts')).toBe(readFileSync(join(FIXTURE, 'innocent/look-alikes.ts'), 'utf8'));
  });

  test('--dry-run shows a diff, writes nothing and shows no key', async () => {
    using copy = new Copy();
    const { stdout, code } = await copy.migrate('--dry-run', '.');
    expect(code).toBe(1);
    expect(stdout).toContain('--- a/python/app.py\n+++ b/python/app.py\n');
    expect(stdout).toContain('-            api_key="sk-…Po98",  # expect: hard-coded-key\n');
    expect(stdout).not.toContain(KEY);
    expect(copy.read('python/app.py')).toBe(readFileSync(join(FIXTURE, 'python/app.py'), 'utf8'));
  });
});

/** The fixture's programs through the real client, against the simulator, which refuses what Kimi refuses. */
describe('after --fix', () => {
  const CALLS = 'const p = await import(process.argv[2]); const call = process.argv[3]; const q = process.argv[4];\n';

  async function fixedProgram(copy: Copy, simulator: Simulator, ...more: string[]) {
    await copy.migrate('--fix', '--base-url', simulator.cnBaseUrl, ...more, '.');
    writeFileSync(join(copy.path, 'call.mjs'), `${CALLS}console.log(JSON.stringify(await p[call](q)));`);
    const summarise = `${CALLS}console.log(JSON.stringify(await new p.Summariser()[call](q)));`;
    writeFileSync(join(copy.path, 'summarise.mjs'), summarise);
    return (script: string, path: string, call: string, question: string) =>
      run([script, pathToFileURL(join(copy.path, path)).href, call, question], {
        cwd: copy.path,
        env: { MOONSHOT_API_KEY: 'sk-sim-cn' },
      });
  }

  test('the JavaScript program chats, streams through heartbeats and loops over tools', async () => {
    using copy = new Copy();
    const simulator = await startSimulator();
    const ask = await fixedProgram(copy, simulator);
    const loop =
      'sim: think Hm.\nsim: say Let me look.\nsim: tool get_weather {"city":"Beijing"}\nsim: turn 2\nsim: say Sunny.';
    expect(await ask('call.mjs', 'js/app.mjs', 'chat', 'sim: say Hello.')).toMatchObject({
      code: 0,
      stdout: '"Hello."\n',
    });
    expect(
      await ask('call.mjs', 'js/app.mjs', 'stream', 'sim: heartbeat\nsim: think Hm.\nsim: say 你好'),
    ).toMatchObject({
      code: 0,
      stdout: '"你好"\n',
    });
    expect(await ask('call.mjs', 'js/app.mjs', 'loop', loop)).toMatchObject({ code: 0, stdout: '"Sunny."\n' });
    await simulator.close();
  });

  test('the TypeScript program runs', async () => {
    using copy = new Copy();
    const simulator = await startSimulator();
    const ask = await fixedProgram(copy, simulator);
    const question = 'sim: heartbeat\nsim: say Two words';
    expect(await ask('summarise.mjs', 'ts/summary.mts', 'summarise', question)).toMatchObject({
      code: 0,
      stdout: '{"text":"Two words","words":2}\n',
    });
    expect(copy.read('ts/summary.mts')).toContain('  /** The formatting of this file must survive. */\n');
    await simulator.close();
  });

  test.skipIf(!hasOpenai)('the Python program runs', async () => {
    using copy = new Copy();
    const simulator = await startSimulator();
    const env = { MOONSHOT_API_KEY: 'sk-sim-cn', PATH: process.env['PATH'] ?? '' };
    const ask = () =>
      run(['python/summary.py', 'sim: heartbeat\nsim: say Two words'], { cwd: copy.path, env }, 'python3');
    await copy.migrate('--fix', '--base-url', simulator.cnBaseUrl, '--only', 'base-url,api-key,foreign-model', '.');
    expect((await ask()).stderr).toMatch(/400 .*invalid temperature/s);
    await copy.migrate('--fix', '--base-url', simulator.cnBaseUrl, '.');
    expect(await ask()).toMatchObject({ code: 0, stdout: 'Two words\n' });
    expect(copy.read('python/summary.py')).toContain('    # The formatting of this file must survive.\n');
    await simulator.close();
  });

  test('each of these programs failed before: address and key alone do not make them run', async () => {
    using copy = new Copy();
    const simulator = await startSimulator();
    const ask = await fixedProgram(copy, simulator, '--only', 'base-url,api-key,foreign-model,retired-model');
    const calls = [
      await ask('call.mjs', 'js/app.mjs', 'chat', 'sim: say Hello.'),
      await ask('call.mjs', 'js/app.mjs', 'stream', 'sim: say Hello.'),
      await ask('summarise.mjs', 'ts/summary.mts', 'summarise', 'sim: say Hello.'),
    ];
    for (const { code, stderr } of calls) {
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/400 .*(?:invalid temperature|ROLE_UNSPECIFIED)/);
    }
    await simulator.close();
  });
});

describe('which files are read', () => {
  test('neither others’ nor built, ignored, minified, large or declared ones', async () => {
    using folder = new Folder();
    const bad = `import OpenAI from 'openai';\nnew OpenAI({ apiKey: '${KEY}' });\n`;
    const put = (path: string, text = bad) => {
      mkdirSync(join(folder.path, path, '..'), { recursive: true });
      writeFileSync(join(folder.path, path), text);
    };
    for (const path of [
      'node_modules/a/index.js',
      'dist/a.js',
      '.git/a.js',
      'vendor/a.py',
      'env/pyvenv.cfg',
      'types.d.ts',
    ])
      put(path);
    for (const path of ['made/a.js', 'deep/made/b.ts', 'local.js', 'src/keep.js', 'src/a.min.js']) put(path);
    put('.gitignore', 'made/\n*.js\n!keep.js\n!latin.js\n/local.js\n');
    put('src/big.ts', `${bad}//${' '.repeat(1_100_000)}`);
    put('src/packed.ts', `${bad}${'a();'.repeat(3_000)}`);
    writeFileSync(join(folder.path, 'src/latin.js'), Buffer.from(`${bad}// caf\xe9\n`, 'latin1'));
    put('src/silenced.ts', `// moongate-ignore-file\n${bad}`);
    const { stdout } = await moongate(['migrate', '--format', 'json', '.'], { cwd: folder.path });
    const { findings, skipped } = JSON.parse(stdout) as { findings: Found[]; skipped: { path: string }[] };
    expect([...new Set(findings.map(({ path }) => path))]).toEqual(['src/keep.js']);
    expect(skipped.map(({ path }) => path)).toEqual(['src/big.ts', 'src/latin.js', 'src/packed.ts']);
    expect(stdout).not.toContain(KEY);
  });
});

describe('reports', () => {
  test('text tells place, reason, link, what moongate does and what remains', async () => {
    using copy = new Copy();
    const { stdout, code } = await copy.migrate('js/app.mjs', '--only', 'temperature-range');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^js\/app\.mjs:33:5 {2}error {2}A temperature outside 0…1: temperature 1\.5 {2}temperature-range\n/,
    );
    for (const line of [
      /why: OpenAI takes 0…2/,
      /moongate: leaves it out/,
      /remains: take it out \(--fix\)/,
      /see: https:/,
    ])
      expect(stdout).toMatch(line);
    expect((await copy.migrate('--lang', 'zh', 'js/app.mjs', '--brief')).stdout).toContain('错误');
  });

  test('exit codes: 0 where nothing is found, 2 for a wrong command line', async () => {
    using copy = new Copy();
    expect(await copy.migrate('innocent')).toMatchObject({ code: 0, stdout: 'Nothing to change in 3 files.\n' });
    mkdirSync(join(copy.path, 'empty'));
    expect((await copy.migrate('empty')).stdout).toMatch(/^There is no JavaScript, TypeScript or Python file/);
    expect(await copy.migrate('no-such-folder')).toMatchObject({ code: 2, stdout: '' });
    expect((await copy.migrate('--only', 'nothing')).stderr).toContain('there is no check "nothing"');
    expect((await copy.migrate('--format', 'xml')).code).toBe(2);
    expect((await copy.migrate('--base-url', "http://x'y")).code).toBe(2);
  });

  test('SARIF names a rule and a region for every result', async () => {
    using copy = new Copy();
    const { stdout } = await copy.migrate('--format', 'sarif', '.');
    const { version, runs } = JSON.parse(stdout);
    const [{ results, tool }] = runs;
    expect(version).toBe('2.1.0');
    expect(results).toHaveLength(expectedFindings(FIXTURE).length);
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      const [{ physicalLocation }] = locations;
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text).not.toBe('');
      expect(physicalLocation.artifactLocation.uri).not.toMatch(/^\/|\\/);
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
      expect(endLine > startLine || (endLine === startLine && endColumn > startColumn)).toBe(true);
    }
    expect(stdout).not.toContain(KEY);
  });
});
