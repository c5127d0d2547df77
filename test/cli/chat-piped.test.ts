import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { Folder, moongate, Session } from './moongate.ts';

const folder = new Folder();
const cwd = folder.path;

afterAll(() => folder[Symbol.dispose]());

describe('chat without a terminal', () => {
  test('prints the answer alone', async () => {
    const { code, stdout, stderr } = await moongate(
      ['chat', '--demo'],
      { cwd },
      'sim: think hm\nsim: say Yes\\u001b[1m.\n',
    );
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'Yes\u001b[1m.\n', stderr: '' });
  });

  test('takes the question from the arguments, and more from standard input for -', async () => {
    const plain = await moongate(['chat', '--demo', 'what', 'is', 'this?'], { cwd });
    expect(plain.stdout).toContain('You asked: "what is this?"');
    // No command of the chat, though one of the program.
    const help = await moongate(['chat', '--demo', 'help', 'me'], { cwd });
    expect(help.stdout).toContain('You asked: "help me"');
    const joined = await moongate(['chat', '--demo', 'sim: say A', '-'], { cwd }, 'sim: say B\n');
    expect(joined.stdout).toBe('AB\n');
  });

  test('--no-stream and --model', async () => {
    const { stdout } = await moongate(['chat', '--demo', '--no-stream', '--model', 'kimi-k3', 'hi'], { cwd });
    expect(stdout).toContain('I am kimi-k3');
  });

  test('tells in Chinese what a refusal means and what to do, and programs the same as ever', async () => {
    const { stderr } = await moongate(['chat', '--demo', '--lang', 'zh', 'sim: fault quota'], { cwd });
    expect(stderr).toBe(
      'moongate: 该凭据的账号没有剩余额度：You exceeded your current token quota, please check your account balance\n请充值，或添加其他账号的凭据。\n',
    );
    const args = ['chat', '--demo', '--json', '--lang', 'zh', 'sim: fault quota'];
    expect(JSON.parse((await moongate(args, { cwd })).stdout).error).toEqual({
      code: 'quota_exhausted',
      message: 'You exceeded your current token quota, please check your account balance',
      hint: 'Top the account up, or add a credential of another account.',
    });
  });

  test('says that the answer is not complete', async () => {
    const short = await moongate(['chat', '--demo'], { cwd }, 'sim: say Half\nsim: finish length');
    expect(short).toMatchObject({ code: 0, stdout: 'Half\n' });
    expect(short.stderr).toContain('it reached the token limit');
    const cut = await moongate(['chat', '--demo'], { cwd }, 'sim: say one two three four\nsim: cut 2');
    expect(cut.code).toBe(1);
    expect(cut.stderr).toContain('stopped before its end');
  });

  test('-p, --think, --attach and --json, also for what fails', async () => {
    writeFileSync(join(cwd, 'note.txt'), 'The gate is round.');
    const args = ['chat', '--demo', '--json', '--think', 'off', '--attach', 'note.txt', '-p', 'sim: say Yes.'];
    const { code, stdout, stderr } = await moongate(args, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{
        text: 'Yes.',
        reasoning: '',
        model: 'kimi-k2.6',
        asked: 'k25',
        surface: 'simulator',
        finish_reason: 'stop',
      },
      ...{ complete: true, usage: { completion_tokens: expect.any(Number) }, notes: null, annotations: [] },
      ...{ repairs: ['reasoning-effort'], conversation: null },
    });
    const failed = await moongate(['chat', '--demo', '--json', '--model', 'kimi-k2.66', 'hi'], { cwd });
    expect(failed).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'unknown_model', hint: expect.any(String) } });
    const level = await moongate(['chat', '--demo', '--think', 'hard', 'hi', '--lang', 'zh'], { cwd });
    expect(level).toMatchObject({
      code: 2,
      stderr: 'moongate: --think 的取值是 low、high、max、off，而不是“hard”。\n',
    });
    const absent = await moongate(['chat', '--demo', '--attach', 'none.txt', 'hi'], { cwd });
    expect(absent).toMatchObject({ code: 1, stderr: 'moongate: There is no file none.txt.\n' });
  });

  test('--search: the answer alone, its sources in the JSON; what cannot search is told of', async () => {
    const script = 'sim: tool web_search {"query":"kimi"}\nsim: turn 2\nsim: say See [K3](https://kimi.example/k3).';
    const plain = await moongate(['chat', '--demo', '--search', '-p', script], { cwd });
    expect(plain).toEqual({ code: 0, stdout: 'See [K3](https://kimi.example/k3).\n', stderr: '' });
    const { stdout } = await moongate(['chat', '--demo', '--search', '--json', '-p', script], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      text: 'See [K3](https://kimi.example/k3).',
      notes: expect.stringContaining('moonshot/web-search:latest'),
      annotations: [{ type: 'url_citation', url_citation: { url: 'https://kimi.example/k3' } }],
      usage: { server_tool_use: { web_search_requests: 1 } },
    });
    const declined = await moongate(['chat', '--demo', '--no-search', '--json', '-p', 'sim: say Hi.'], { cwd });
    expect(JSON.parse(declined.stdout)).toMatchObject({ text: 'Hi.', notes: null });
  });

  test.each([
    ['an unknown model', ['--demo', '--model', 'kimi-k2.66', 'hi'], "Did you mean 'kimi-k2.6'"],
    [
      'an unreachable gateway',
      ['--url', 'http://127.0.0.1:2/v1', 'hi'],
      'No gateway can be reached at http://127.0.0.1:2 (',
    ],
    ['no credentials', ['hi'], 'There is no credential for any surface yet.'],
  ])('%s: exit code 1 and the reason on standard error', async (_what, args, reason) => {
    const { code, stdout, stderr } = await moongate(['chat', ...args], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(reason);
  });

  test('nothing to say, or too much: exit code 2', async () => {
    expect(await moongate(['chat', '--demo'], { cwd })).toMatchObject({ code: 2, stdout: '' });
    expect((await moongate(['chat', '--demo', '--url', 'localhost:1', 'hi'], { cwd })).code).toBe(2);
  });
});

describe('chat with a running gateway', () => {
  let server: Session;
  let address: string;
  const simulated = startSimulator();

  beforeAll(async () => {
    const simulator = await simulated;
    writeFileSync(
      join(cwd, 'served.yaml'),
      `listen: 127.0.0.1:0
keys: [ { name: me, key: sk-inbound-123456 } ]
surfaces:
  moonshot-cn: { base_url: "${simulator.cnBaseUrl}", credentials: [ { key: sk-sim-cn } ] }
`,
    );
    server = Session.onPipes(['serve', '--config', 'served.yaml'], { cwd, env: { MOONGATE_LISTEN: '127.0.0.1:0' } });
    address = (await server.until(/listens on (\S+)/))[1] ?? '';
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await (await simulated).close();
  });

  test('by --url and --key', async () => {
    const given = await moongate(['chat', '--url', `${address}/v1`, '--key', 'sk-inbound-123456', 'hello'], { cwd });
    expect(given).toMatchObject({ code: 0, stderr: '' });
    expect(given.stdout).toContain('You asked: "hello"');
    const refused = await moongate(['chat', '--url', address, 'hello'], { cwd });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Give one with --key');
  });

  test('finds it at the configured address, and its key in the configuration', async () => {
    const env = { MOONGATE_LISTEN: new URL(address).host, MOONSHOT_API_KEY_CN: 'sk-not-used-here-at-all' };
    const found = await moongate(['chat', '--config', 'served.yaml', 'hello'], { cwd, env });
    expect(found).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await moongate(['models', '--config', 'served.yaml', '--json'], { cwd, env });
    expect(JSON.parse(stdout).aliases).toContainEqual({ name: 'k25', models: ['kimi-k2.6'] });
  });
});
