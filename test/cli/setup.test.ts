import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CLIENTS } from '../../src/cli/setup/clients/index.ts';
import { FIXTURES, PRINTED } from './client-fixtures.ts';
import { runHere } from './in-process.ts';
import { Folder, moongate } from './moongate.ts';

const GATE = ['--url', 'http://gate.test:9000'];
const cwd = new Folder();

afterAll(() => cwd[Symbol.dispose]());

function place(home: Folder, path: string, text: string): string {
  const file = join(home.path, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

const setup = (home: Folder, ...args: string[]) => runHere(['setup', ...args, '--home', home.path, ...GATE]);

describe('every client', () => {
  test('has its fixture', () => {
    const tested = [...FIXTURES.map(({ client }) => client), ...PRINTED.map(([client]) => client)];
    expect(tested.toSorted()).toEqual(CLIENTS.map(({ id }) => id).toSorted());
  });

  test.each(FIXTURES)('$client: merged, once, and taken back', async ({ client, path, text, kept, added }) => {
    using home = new Folder();
    const file = place(home, path, text);
    chmodSync(file, 0o640);
    const first = await setup(home, client, '--yes');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).not.toContain('0123456789');
    const merged = readFileSync(file, 'utf8');
    for (const part of [...kept, ...added]) expect(merged).toMatch(part instanceof RegExp ? part : literally(part));
    expect(statSync(file).mode & 0o777).toBe(0o640);

    const second = await setup(home, client, '--yes');
    expect(second.stdout).toContain('nothing to do');
    expect(readFileSync(file, 'utf8')).toBe(merged);

    expect(await setup(home, client, '--undo')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('as it was'),
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    const again = await setup(home, client, '--undo');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was set up') });
  });

  test.each(PRINTED)('%s: printed, nothing is written', async (client, shown) => {
    using home = new Folder();
    const { code, stdout } = await setup(home, client);
    expect(code).toBe(0);
    for (const part of shown) expect(stdout).toContain(part);
    expect(readdirSync(home.path)).toEqual([]);
  });

  test('the list names every one; --print writes nothing', async () => {
    using home = new Folder();
    const { stdout } = await setup(home, '--json');
    const ids = JSON.parse(stdout).map(({ id }: { id: string }) => id);
    expect(ids).toEqual(CLIENTS.map(({ id }) => id));
    expect((await setup(home)).stdout).toMatch(/\nclaude-code +Claude Code +Anthropic Messages +kimi /);
    expect((await setup(home, 'codex', '--print')).stdout).toContain('wire_api = "responses"');
    expect(readdirSync(home.path)).toEqual([]);
  });
});

describe('a file that is not there', () => {
  test('is made for its owner alone, and is gone again after --undo', async () => {
    using home = new Folder();
    const file = join(home.path, '.claude/settings.json');
    expect((await setup(home, 'claude-code', '--yes')).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await setup(home, 'claude-code', '--undo')).stdout).toContain('is gone again');
    expect(existsSync(file)).toBe(false);
  });

  test('--file says where, also for a client that has no place of its own', async () => {
    using home = new Folder();
    const file = join(home.path, '.env.local');
    writeFileSync(file, '# mine\nBASE_URL=https://old.example\nCODE=1\n');
    expect((await setup(home, 'nextchat', '--yes', '--file', file, '--model', 'kimi-k3')).code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('# mine\nBASE_URL=http://gate.test:9000\nCODE=1\n');
    expect(text).toContain('CUSTOM_MODELS=-all,+kimi-k3,+k25,+kimi\nDEFAULT_MODEL=kimi-k3\n');
    const none = await setup(home, 'langchain', '--yes', '--file', file);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('langchain has no file') });
  });
});

describe('nothing is written', () => {
  const path = '.codex/config.toml';

  test.each([
    ['a broken file', 'model = \n', 'config.toml:1 is not valid TOML'],
    ['a table in one line', 'model_providers = { moongate = { name = "x" } }\n', 'cannot be edited safely'],
    ['another kind of value', 'model_providers = 3\n', 'model_providers holds something else than a map'],
  ])('%s', async (_what, text, reason) => {
    using home = new Folder();
    const file = place(home, path, text);
    const { code, stderr } = await setup(home, 'codex', '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('Nothing was written.');
    expect(stderr).toContain('--print');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(existsSync(join(home.path, '.moongate'))).toBe(false);
  });

  test('bytes that are no text, a folder, a link that leads nowhere', async () => {
    using home = new Folder();
    const file = place(home, path, '');
    writeFileSync(file, Buffer.from([0x61, 0xff, 0xfe]));
    expect((await setup(home, 'codex', '--yes')).stderr).toContain('is not UTF-8 text');
    mkdirSync(join(home.path, '.claude/settings.json'), { recursive: true });
    expect((await setup(home, 'claude-code', '--yes')).stderr).toContain('is no file');
    symlinkSync(join(home.path, 'nowhere'), join(home.path, '.aider.conf.yml'));
    expect((await setup(home, 'aider', '--yes')).stderr).toContain('a symbolic link that leads nowhere');
  });

  test('where nobody can be asked', async () => {
    using home = new Folder();
    const { code, stderr } = await setup(home, 'codex');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('add --yes') });
    expect(existsSync(join(home.path, path))).toBe(false);
    const unknown = await setup(home, 'claude');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no client "claude"') });
  });
});

describe('links and later changes', () => {
  test('a link stays a link, and what it points to is changed', async () => {
    using home = new Folder();
    const real = place(home, 'dotfiles/aider.yml', 'dark-mode: true\n');
    const link = join(home.path, '.aider.conf.yml');
    symlinkSync(real, link);
    expect((await setup(home, 'aider', '--yes')).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('openai-api-base');
    expect(readdirSync(dirname(real))).toEqual(['aider.yml']);
    await setup(home, 'aider', '--undo');
    expect(readFileSync(real, 'utf8')).toBe('dark-mode: true\n');
  });

  test('--undo refuses where the file has changed since, and says the ways out', async () => {
    using home = new Folder();
    const file = place(home, '.codex/config.toml', 'model = "gpt-5"\n');
    await setup(home, 'codex', '--yes');
    writeFileSync(file, `${readFileSync(file, 'utf8')}mine = 1\n`);
    const { code, stderr } = await setup(home, 'codex', '--undo');
    expect(code).toBe(1);
    expect(stderr).toContain('has changed since moongate wrote it');
    const copy = /What was there before is in (\S+)\./.exec(stderr)?.[1] ?? '';
    expect(readFileSync(copy, 'utf8')).toBe('model = "gpt-5"\n');
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect((await setup(home, 'codex', '--undo', '--force')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('model = "gpt-5"\n');
  });

  test('a second setup keeps the copy of what was there first', async () => {
    using home = new Folder();
    const file = place(home, '.codex/config.toml', 'model = "gpt-5"\n');
    await setup(home, 'codex', '--yes');
    await setup(home, 'codex', '--yes', '--model', 'kimi-k3');
    expect(readFileSync(file, 'utf8')).toContain('model = "kimi-k3"');
    await setup(home, 'codex', '--undo');
    expect(readFileSync(file, 'utf8')).toBe('model = "gpt-5"\n');
  });
});

describe('the gateway of this place', () => {
  const here = (config: string) => {
    const folder = new Folder();
    writeFileSync(join(folder.path, 'moongate.yaml'), config);
    return folder;
  };

  test('its address and key go into the file, and the key is not shown', async () => {
    using home = new Folder();
    using folder = here('listen: 0.0.0.0:8123\nkeys: [ { key: sk-inbound-0123456789 } ]\n');
    const surroundings = { cwd: folder.path, env: { MOONGATE_LISTEN: '' } };
    const run = (...args: string[]) => moongate(['setup', ...args, '--home', home.path], surroundings);
    const written = await run('codex', '--yes');
    const file = readFileSync(join(home.path, '.codex/config.toml'), 'utf8');
    expect(file).toContain('base_url = "http://127.0.0.1:8123/v1"');
    expect(file).toContain('experimental_bearer_token = "sk-inbound-0123456789"');
    const printed = await run('openai-node');
    expect(printed.stdout).toContain('YOUR_MOONGATE_KEY');
    expect(written.stdout + printed.stdout).not.toContain('inbound-0123');
  });

  test('Clawdbot gets the model that the credentials can serve', async () => {
    using home = new Folder();
    using folder = here('surfaces: { kimi-code: { credentials: [ { key: sk-kimi-0123456789 } ] } }\n');
    const { stdout } = await moongate(['setup', 'clawdbot', '--yes', '--home', home.path], { cwd: folder.path });
    expect(readFileSync(join(home.path, '.clawdbot/clawdbot.json'), 'utf8')).toContain(
      '"primary": "kimicode/kimi-for-coding"',
    );
    expect(stdout).toContain('moonshot/… needs a key of the open platform');
  });

  test('in Chinese', async () => {
    using home = new Folder();
    const { stdout } = await moongate(['setup', 'codex', '--yes', '--home', home.path, ...GATE, '--lang', 'zh'], {
      cwd: cwd.path,
    });
    expect(stdout).toContain('已写入：');
    expect(stdout).toContain('moongate serve 启动');
  });
});

describe('models set', () => {
  test('sets the model of what was set up, and of moongate.yaml', async () => {
    using home = new Folder();
    using folder = new Folder();
    writeFileSync(join(folder.path, 'moongate.yaml'), '# mine\nmodels: { refresh_ms: 2h } # slow\n');
    await setup(home, 'clawdbot', '--yes');
    await setup(home, 'claude-code', '--yes');
    const run = (...args: string[]) => moongate(['models', 'set', ...args, '--home', home.path], { cwd: folder.path });
    expect(await run('kimi', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(home.path, '.clawdbot/clawdbot.json'), 'utf8')).toContain(
      '"primary": "kimicode/kimi-for-coding"',
    );
    expect(readFileSync(join(home.path, '.claude/settings.json'), 'utf8')).toContain('"ANTHROPIC_MODEL": "kimi"');
    expect(readFileSync(join(folder.path, 'moongate.yaml'), 'utf8')).toBe(
      '# mine\nmodels: { refresh_ms: 2h, default: kimi } # slow\n',
    );
    expect((await run('kimi', '--yes')).stdout).toContain('nothing to do');
    expect((await run('moonshot/kimi-k3', '--yes', '--client', 'clawdbot')).code).toBe(0);
    expect(readFileSync(join(home.path, '.clawdbot/clawdbot.json'), 'utf8')).toContain('"primary": "moonshot/kimi-k3"');
    const doubted = await run('kimi-k2.66', '--client', 'clawdbot');
    expect(doubted).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean kimi-k2.6') });
    await setup(home, 'clawdbot', '--undo');
    expect(existsSync(join(home.path, '.clawdbot/clawdbot.json'))).toBe(false);
  });

  test('reads the configuration that --config names, and not the one that lies here', async () => {
    using home = new Folder();
    using folder = new Folder();
    for (const name of ['moongate.yaml', 'other.yaml']) writeFileSync(join(folder.path, name), 'strict: true\n');
    const run = (...args: string[]) =>
      moongate(['models', 'set', 'kimi', '--yes', '--home', home.path, ...args], { cwd: folder.path });
    expect((await run('--config', 'other.yaml')).code).toBe(0);
    expect(readFileSync(join(folder.path, 'moongate.yaml'), 'utf8')).toBe('strict: true\n');
    expect(readFileSync(join(folder.path, 'other.yaml'), 'utf8')).toContain('default: kimi');
    expect(await run('--config', 'none.yaml')).toMatchObject({ code: 1, stderr: expect.stringContaining('none.yaml') });
  });

  test('says what is missing', async () => {
    using home = new Folder();
    const run = (...args: string[]) =>
      moongate(['models', 'set', 'kimi', ...args, '--home', home.path], { cwd: cwd.path });
    expect((await run('--yes')).stderr).toContain('no client has been set up');
    expect((await run('--yes', '--client', 'ai-sdk')).code).toBe(2);
    expect((await moongate(['models', '--all'], { cwd: cwd.path })).code).toBe(0);
  });
});

const literally = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
