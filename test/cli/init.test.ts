import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { Folder, moongate, type Outcome } from './moongate.ts';

const KEY = 'sk-sim-ai';
const CODING = 'sk-kimi-0123456789abcdef';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

/** Both hosts of the platform are the simulator. */
function init(folder: Folder, args: readonly string[], { env = {}, input = '' } = {}): Promise<Outcome> {
  const hosts = {
    MOONGATE_MOONSHOT_CN_BASE_URL: simulator.cnBaseUrl,
    MOONGATE_MOONSHOT_AI_BASE_URL: simulator.aiBaseUrl,
  };
  return moongate(['init', ...args], { cwd: folder.path, env: { ...hosts, MOONGATE_LISTEN: '', ...env } }, input);
}

const read = (folder: Folder, name: string): string => readFileSync(join(folder.path, name), 'utf8');

describe('init without questions', () => {
  test('finds the host of a key, writes both files, and tries them out', async () => {
    using folder = new Folder();
    const { code, stdout, stderr } = await init(folder, ['--yes', '--key-stdin'], { input: `  "${KEY}"\n` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('It belongs to moonshot-ai.');
    expect(stdout).toMatch(/kimi-k2\.6 on moonshot-ai says: \S/);
    expect(stdout).toContain('moongate serve');
    expect(read(folder, '.env')).toBe(`MOONSHOT_API_KEY_AI=${KEY}\n`);
    expect(statSync(join(folder.path, '.env')).mode & 0o777).toBe(0o600);
    expect(read(folder, 'moongate.yaml')).toContain(`- key: \${MOONSHOT_API_KEY_AI}`);
    expect(read(folder, 'moongate.yaml')).not.toContain(KEY);
  });

  test('a second key joins the first, and the same one changes nothing', async () => {
    using folder = new Folder();
    writeFileSync(join(folder.path, '.env'), '# mine\nKIMI_API_KEY=sk-kimi-first-0123456789 # work\nOTHER=1\n', {
      mode: 0o644,
    });
    writeFileSync(join(folder.path, 'key.txt'), `${CODING}\n`);
    const flags = ['--yes', '--key-file', 'key.txt', '--no-test'];
    const first = await init(folder, flags);
    expect(first.code).toBe(0);
    expect(first.stdout).not.toContain('0123456789');
    expect(read(folder, '.env')).toBe(`# mine\nKIMI_API_KEY=sk-kimi-first-0123456789,${CODING} # work\nOTHER=1\n`);
    expect(statSync(join(folder.path, '.env')).mode & 0o777).toBe(0o600);
    const again = await init(folder, flags);
    expect(again.stdout).toContain('say all of this already');
    const { stdout } = await moongate(['config', 'check'], { cwd: folder.path });
    expect(stdout).toContain('kimi-code: 2 credentials');
  });

  test('what is in moongate.yaml stays, with its comments', async () => {
    using folder = new Folder();
    writeFileSync(
      join(folder.path, 'moongate.yaml'),
      'strict: true # I mean it\nsurfaces:\n  moonshot-cn: { region: cn }\n',
    );
    const { code } = await init(folder, [
      '--yes',
      '--key',
      KEY,
      '--surface',
      'moonshot-cn',
      '--listen',
      '8123',
      '--no-test',
    ]);
    expect(code).toBe(0);
    const text = read(folder, 'moongate.yaml');
    expect(text).toContain('strict: true # I mean it');
    expect(text).toContain(`moonshot-cn: { region: cn, credentials: [ { key: "\${MOONSHOT_API_KEY_CN}" } ] }`);
    expect(text).toMatch(/^listen: "?8123"?$/m);
  });

  test('where others can reach it, clients get a key', async () => {
    using folder = new Folder();
    const { code, stdout } = await init(folder, ['--yes', '--key', KEY, '--listen', '0.0.0.0:8123']);
    expect(code).toBe(0);
    const key = /MY_CLIENT_KEY=(sk-moongate-[\w-]{32})\n/.exec(read(folder, '.env'))?.[1] ?? '?';
    expect(read(folder, 'moongate.yaml')).toContain(`key: \${MY_CLIENT_KEY}`);
    expect(stdout).toContain('clients will need a key');
    expect(stdout).not.toContain(key);
    expect(stdout).toContain('says:');
  });

  test('the web chat: a token, and a cookie, with the notice', async () => {
    using folder = new Folder();
    const owner = simulator.webAccount().logIn();
    const { code, stdout } = await init(folder, ['--yes', '--key', owner.accessToken, '--no-test']);
    expect(code).toBe(0);
    expect(stdout).toContain('lives for 15 minutes only');
    expect(stdout).toContain("The vendor's agreement does not allow");
    expect(read(folder, '.env')).toBe(`KIMI_TOKENS=${owner.accessToken}\n`);
    using other = new Folder();
    await init(other, ['--yes', '--key-stdin', '--no-test'], {
      input: `Cookie: a=b; kimi-auth=${owner.refreshToken}; c=d\n`,
    });
    expect(read(other, '.env')).toBe(`KIMI_TOKENS=${owner.refreshToken}\n`);
  });

  test('--demo needs no key', async () => {
    using folder = new Folder();
    const { code, stdout } = await init(folder, ['--yes', '--demo']);
    expect(code).toBe(0);
    expect(stdout).toContain('on simulator says:');
  });

  test('without any key there is nothing to test, and that is said', async () => {
    using folder = new Folder();
    const { code, stdout } = await init(folder, ['--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('There is no key yet');
    expect((await moongate(['config', 'check'], { cwd: folder.path })).code).toBe(0);
  });

  test('a variable of the environment that wins is named', async () => {
    using folder = new Folder();
    const { stdout } = await init(folder, ['--yes', '--key', CODING, '--no-test'], {
      env: { KIMI_API_KEY: 'sk-kimi-other-0123' },
    });
    expect(stdout).toContain('KIMI_API_KEY is also set in the environment');
  });
});

describe('nothing is written', () => {
  test.each([
    ['what is no key', ['--yes', '--key', 'hello'], 2, 'neither an API key'],
    ['a key with a line break', ['--yes', '--key', 'sk-a b'], 2, 'has a space inside'],
    ['a key that nobody knows', ['--yes', '--key', 'sk-unknown-0123456789'], 2, 'Name it with --surface'],
    [
      'a key of another surface',
      ['--yes', '--key', CODING, '--surface', 'moonshot-cn'],
      2,
      'it can belong to kimi-code',
    ],
    ['an address that is none', ['--yes', '--listen', 'a b'], 2, 'This is no address'],
    ['a key file that is missing', ['--yes', '--key-file', 'nope'], 2, '--key-file nope cannot be read'],
    ['nobody who could be asked', [], 2, 'add --yes'],
  ])('%s', async (_what, args, expected, reason) => {
    using folder = new Folder();
    const { code, stderr } = await init(folder, args);
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringContaining(reason) });
    expect(stderr).not.toContain('unknown-0123');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('a configuration that is broken already', async () => {
    using folder = new Folder();
    writeFileSync(join(folder.path, 'moongate.yaml'), 'lisen: 1\n');
    const { code, stderr } = await init(folder, ['--yes', '--key', CODING]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('moongate.yaml:1:1') });
    expect(readdirSync(folder.path)).toEqual(['moongate.yaml']);
  });
});

test('a test request that fails is exit code 1, with the reason', async () => {
  using folder = new Folder();
  const { code, stdout } = await init(folder, ['--yes', '--key', 'sk-unknown-0123456789', '--surface', 'moonshot-cn']);
  expect(code).toBe(1);
  expect(stdout).toContain('The test request on moonshot-cn failed: Invalid Authentication\nCheck the key');
  expect(stdout).not.toContain('unknown-0123');
});
