import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { renderCliReference } from '../../src/cli/reference.ts';
import { VERSION } from '../../src/version.ts';
import { Folder, moongate, Session } from './moongate.ts';

const folder = new Folder();
const cwd = folder.path;
const file = (name: string, text: string): string => {
  writeFileSync(join(cwd, name), text);
  return name;
};

afterAll(() => folder[Symbol.dispose]());

describe('the program', () => {
  test('alone shows its help', async () => {
    const { code, stdout } = await moongate([], { cwd });
    expect(code).toBe(0);
    for (const name of ['serve', 'chat', 'models', 'explain', 'verify', 'migrate', 'config', 'simulate'])
      expect(stdout).toContain(`\n  ${name} `);
  });

  test('tells its version', async () => {
    expect(await moongate(['--version'], { cwd })).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  test.each([
    [['modles'], 'Did you mean models?'],
    [['config', 'chekc'], 'Did you mean check?'],
    [['models', '--jsno'], 'Did you mean --json?'],
    [['simulate', '--port', 'x'], '--port takes a whole number'],
    [['--lang', 'fr', 'models'], '--lang takes en, zh, not "fr"'],
    [['--lang', 'fr'], '--lang takes en, zh, not "fr"'],
    [['models', '--url', 'ftp://here'], '--url takes an address'],
    [['models', '--lang'], 'argument missing'],
    [['explain'], "missing required argument 'file'"],
  ])('%j is exit code 2 with advice', async (args, advice) => {
    const { code, stdout, stderr } = await moongate(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(advice);
  });

  test('speaks Chinese, wherever --lang stands, and where the locale does', async () => {
    const help = await moongate(['--lang', 'zh', 'chat', '--help'], { cwd });
    for (const words of ['用法：', '选项：', '在终端与 Kimi 对话', '显示帮助', '示例：'])
      expect(help.stdout).toContain(words);
    expect(help.stdout).not.toMatch(/Usage:|Options:|display help/);
    const wrong = await moongate(['modles'], { cwd, env: { LC_ALL: 'zh_CN.UTF-8' } });
    expect(wrong).toMatchObject({ code: 2, stderr: 'moongate: 没有命令“modles”\n（是否想输入 models？）\n' });
    const models = await moongate(['--lang=zh', 'models', '--all'], { cwd });
    expect(models.stdout).toMatch(/^模型 +上下文 +输入 +思考 +价格/);
  });

  test.each([
    [['explain'], '缺少参数“file”'],
    [['chat', '--model'], '选项“--model <name>”缺少取值'],
    [['models', 'a', 'b'], '参数过多'],
    [['chat', '--hepl'], '没有选项“--hepl”'],
    [['simulate', '--port', 'x'], '--port 需要 0 到 65535 之间的整数'],
  ])('%j is refused in Chinese', async (args, words) => {
    const { code, stderr } = await moongate([...args, '--lang', 'zh'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('help NAME is NAME --help, also of a command below another', async () => {
    for (const [words, shown] of [
      [['help', 'models', 'set'], 'Usage: moongate models set [options] <model>'],
      [['help', 'config'], 'Usage: moongate config [options] [command]'],
      [['help'], 'Usage: moongate [options] [command]'],
    ] as const) {
      const { code, stdout } = await moongate(words, { cwd });
      expect([code, stdout.slice(0, shown.length)]).toEqual([0, shown]);
    }
    expect(await moongate(['help', 'modles'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean models?'),
    });
  });

  test('no help has a line in another language', async () => {
    for (const path of [[], ['config'], ['models'], ['keys'], ['models', 'set']]) {
      const { stdout } = await moongate([...path, '--help', '--lang', 'zh'], { cwd });
      // Titles of their own, and what stands behind an option or a command.
      const said = stdout.split('\n').filter((line) => /^ {2}\S.* {2,}\S/.test(line) && !line.startsWith('  moongate'));
      expect(said.length).toBeGreaterThan(2);
      expect(said.filter((line) => !/\p{Script=Han}/u.test(line))).toEqual([]);
    }
  });

  test('machine output is the same in every language', async () => {
    const english = await moongate(['models', '--all', '--json'], { cwd });
    const chinese = await moongate(['models', '--all', '--json', '--lang', 'zh'], { cwd });
    expect(chinese.stdout).toBe(english.stdout);
  });

  test.each([
    ['en', 'docs/cli.md'],
    ['zh', 'docs/cli.zh-CN.md'],
  ] as const)('in %s %s is what the commands say', async (language, path) => {
    const page = readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8');
    expect(await renderCliReference(language), 'run `npm run docs`').toBe(page);
  });
});

describe('models', () => {
  test('--all shows the retired ones and the aliases, without an account', async () => {
    const { code, stdout } = await moongate(['models', '--all'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nkimi-k2\.6 +256K +text\+image\+video +toggle +\$0\.95/);
    expect(stdout).toMatch(/\nkimi-k2\.5 .* 2026-08-31, now kimi-k2\.6\n/);
    expect(stdout).toMatch(/\nk25 +kimi-k2\.6, else/);
  });

  test('shows what the credentials can use', async () => {
    const { stdout } = await moongate(['models', '--demo'], { cwd });
    expect(stdout).toMatch(/\nkimi-k2\.6 .*moonshot-cn, moonshot-ai\n/);
    expect(stdout).not.toContain('RETIRED');
    const none = await moongate(['models'], { cwd });
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('There is no credential');
    const chinese = await moongate(['models', '--lang', 'zh'], { cwd });
    expect(chinese.stderr).toMatch(
      /^moongate: 还没有任何接入面的凭据。[\s\S]*\n {2}KIMI_API_KEY {2}Kimi Code 编码订阅：/,
    );
    expect(chinese.stderr).not.toContain('There is no credential');
  });
});

describe('explain', () => {
  const request = {
    model: 'moonshot/kimi-k2.5',
    temperature: 0.2,
    store: true,
    messages: [
      { role: 'developer', content: 'Be brief' },
      { role: 'user', content: 'Hi' },
    ],
    functions: [{ name: 'f', parameters: { type: 'object', properties: {} } }],
  };

  test('tells the model, every repair with its reason, and the body', async () => {
    const { code, stdout } = await moongate(['explain', file('request.json', JSON.stringify(request))], { cwd });
    expect(code).toBe(0);
    for (const part of [
      'moonshot/kimi-k2.5 → kimi-k2.6',
      'retired since 2026-08-31',
      '1. moonshot-cn: kimi-k2.6 at https://api.moonshot.cn/v1/chat/completions (no credential)',
      'No credential is configured',
      'messages[0].role: "developer" → "system"',
      'temperature: 0.2 → (none)',
      'store: true → (none)',
      'why: ',
      'source: ',
      '"model": "kimi-k2.6"',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  test('what becomes of a search', async () => {
    const env = { MOONSHOT_API_KEY_CN: 'sk-somebody-123456' };
    const asked = { ...request, model: 'kimi-k2.6-search', tools: [{ type: 'web_search' }] };
    const { stdout } = await moongate(['explain', '--json', '-'], { cwd, env }, JSON.stringify(asked));
    const { search, body, model } = JSON.parse(stdout);
    expect(search).toEqual([expect.stringContaining('moonshot/web-search:latest')]);
    expect(model).toMatchObject({ asked: 'kimi-k2.6-search', model: 'kimi-k2.6' });
    expect(JSON.stringify(body)).not.toContain('web_search');
    const text = await moongate(['explain', '-'], { cwd, env }, JSON.stringify(asked));
    expect(text.stdout).toMatch(/^Web search$/m);
  });

  test('a request of another protocol, told by its shape or by name', async () => {
    const env = { KIMI_API_KEY: 'sk-kimi-somebody-123456' };
    const asked = {
      model: 'claude-opus-4-5',
      max_tokens: 32_000,
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'Hi' }],
    };
    const { code, stdout } = await moongate(['explain', '-'], { cwd, env }, JSON.stringify(asked));
    expect(code).toBe(0);
    for (const part of [
      'Anthropic Messages (POST /v1/messages), by the shape of the body',
      'goes up in the same shape',
      'at https://api.kimi.com/coding/v1/messages (1 credential)',
      '"system": "Be brief."',
    ]) {
      expect(stdout).toContain(part);
    }
    const plain = { ...asked, stop_sequences: ['1', '2', '3', '4', '5', '6'] };
    const told = await moongate(
      ['explain', '--json', '--protocol', 'anthropic', '-'],
      { cwd, env },
      JSON.stringify(plain),
    );
    expect(JSON.parse(told.stdout)).toMatchObject({
      ...{ protocol: 'anthropic', untranslated: false, translated_because: 'stop sequences' },
      surfaces: [{ address: 'https://api.kimi.com/coding/v1/messages' }],
    });
    const wrong = await moongate(['explain', '--protocol', 'soap', '-'], { cwd, env }, '{}');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('There is no protocol soap; there are chat, anthropic, responses, completions.');
  });

  test('a search that is demanded goes to whoever can search, or is refused', async () => {
    const other = { type: 'compatible', base_url: 'https://other.test/v1', models: { 'kimi-k2.6': 'm' } };
    const surfaces = {
      other: { ...other, credentials: [{ key: 'sk-somebody-123456' }] },
      'moonshot-cn': { credentials: [{ key: 'sk-somebody-654321' }] },
    };
    const explain = (more: object) => {
      const path = file('search.json', JSON.stringify({ surfaces, ...more }));
      const args = ['explain', '--json', '--config', path, '-'];
      return moongate(args, { cwd }, JSON.stringify({ ...request, model: 'kimi-k2.6-search' }));
    };
    const { stdout } = await explain({ routes: { default: ['other', 'moonshot-cn'] } });
    const { surfaces: places, search } = JSON.parse(stdout);
    expect(places.map(({ surface }: { surface: string }) => surface)).toEqual(['moonshot-cn']);
    expect(search).toEqual([expect.stringContaining('moonshot/web-search:latest')]);
    const refused = await explain({ routes: { default: ['other'] } });
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([
      1,
      expect.stringContaining('cannot search the web'),
    ]);
  });

  test('as JSON, from standard input, with the configured surfaces', async () => {
    const env = { MOONSHOT_API_KEY_AI: 'sk-somebody-123456', MOONGATE_STRICT: 'true' };
    const { stdout } = await moongate(
      ['explain', '--json', '-'],
      { cwd, env },
      JSON.stringify({ ...request, model: 'k25', n: 3 }),
    );
    const explained = JSON.parse(stdout);
    expect(explained).toMatchObject({
      model: { asked: 'k25', model: 'kimi-k2.6', because: 'alias' },
      surfaces: [{ surface: 'moonshot-ai', credentials: 1 }],
      credentials_assumed: false,
      refused_by_strict_mode: true,
      calls: 3,
    });
    const rules = explained.repairs.map(({ rule }: { rule: string }) => rule);
    expect(rules).toEqual(
      expect.arrayContaining(['functions-to-tools', 'developer-role', 'sampling-fixed', 'foreign-members']),
    );
    expect(explained.answer_repairs.map(({ rule }: { rule: string }) => rule)).toContain('functions-to-tools');
    expect(explained.body).not.toHaveProperty('functions');
    expect(stdout).not.toContain('sk-somebody');
  });

  test.each([
    ['{"model":', 'The request body is not valid JSON'],
    ['{"model":"k25"}', '`messages` is missing.'],
    ['{"messages":[]}', '`model` is missing, and no default is configured'],
  ])('%s fails as the gateway would', async (body, reason) => {
    const { code, stderr } = await moongate(['explain', '-'], { cwd }, body);
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
  });
});

describe('config', () => {
  test('check names everything that is wrong', async () => {
    const broken = file('broken.yaml', 'lisen: 8000\nlimits: { connections: many }\nroutes: { default: [nowhere] }\n');
    const { code, stdout, stderr } = await moongate(['config', 'check', '--config', broken], {
      cwd,
      env: { MOONGATE_LISTEN: '' },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const place of ['broken.yaml:1:1', 'broken.yaml:2:', 'limits.connections']) expect(stderr).toContain(place);
    const json = await moongate(['config', 'check', '--json', '--config', broken], { cwd });
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout).problems.length).toBeGreaterThanOrEqual(2);
  });

  test('check and show never print a secret', async () => {
    const good = file('good.yaml', 'surfaces: { moonshot-cn: { credentials: [ { key: sk-very-secret-9876 } ] } }\n');
    const check = await moongate(['config', 'check', '--config', good], { cwd });
    expect(check).toMatchObject({ code: 0 });
    expect(check.stdout).toContain('1 credential (moonshot-cn-1 …9876)');
    const show = await moongate(['config', 'show', '--config', good], { cwd });
    expect(show.stdout).toContain('…9876');
    expect(check.stdout + show.stdout).not.toContain('very-secret');
  });
});

describe('simulate', () => {
  test('says where it is, serves, and stops on a signal', async () => {
    await using session = Session.onPipes(['simulate', '--port', '0'], { cwd });
    const [, base = ''] = await session.until(/(http:\S+\/cn\/v1) +sk-sim-cn/);
    const response = await fetch(`${base}/models`, { headers: { authorization: 'Bearer sk-sim-cn' } });
    expect(response.status).toBe(200);
    await session.until('Ctrl-C stops it.');
    const taken = await moongate(['simulate', '--port', new URL(base).port], { cwd });
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain('is taken');
    session.child.kill('SIGTERM');
    expect(await session.exit).toBe(0);
  });
});
