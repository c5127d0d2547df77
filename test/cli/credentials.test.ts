import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { CN_KEY, CN_KEY_2, startRig } from '../setup.ts';
import { Folder, hasPython, moongate, Session } from './moongate.ts';

const CODE = 'sk-kimi-doctor-0123456789abcdef';

describe('moongate credentials', () => {
  test('lists, adds from standard input, tests, switches and removes, against the running gateway', async () => {
    await using rig = await startRig();
    using folder = new Folder();
    const cwd = folder.path;
    const run = (...args: string[]) => moongate(['credentials', ...args, '--url', rig.url], { cwd });
    const listed = await run('list');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(
      /^CREDENTIAL +SURFACE .*\nmoonshot-cn-1 …\w{4} +moonshot-cn +ready +0 +0 +0 +1000 CNY\n/,
    );

    const add = ['credentials', 'add', 'moonshot-cn', '--name', 'spare', '--account', 'b', '--url', rig.url];
    const added = await moongate(add, { cwd }, `${CN_KEY_2}\n`);
    expect(added.code).toBe(0);
    expect(added.stdout).toMatch(/\nspare …\w{4} +moonshot-cn +b +ready/);
    expect((await run('disable', 'spare', '--lang', 'zh')).stdout).toContain('已停用');
    expect(JSON.parse((await run('enable', 'spare', '--json')).stdout)).toMatchObject({
      name: 'spare',
      state: 'ready',
    });
    expect((await run('test', 'spare')).code).toBe(0);
    rig.simulator.account(CN_KEY_2).suspended = true;
    expect(await run('remove', 'spare')).toMatchObject({ code: 0, stdout: 'Removed.\n' });

    const missing = await run('clear', 'nobody');
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringContaining('There are: moonshot-cn-1, moonshot-ai-1'),
    ]);
    for (const { stdout, stderr } of [listed, added, missing]) {
      for (const secret of [CN_KEY, CN_KEY_2]) expect(stdout + stderr).not.toContain(secret);
    }
  });

  test('sends the admin key of the configuration, or says that one is needed', async () => {
    await using rig = await startRig({
      config: { keys: [{ key: 'inbound-0123456789' }], admin_key: 'admin-0123456789' },
    });
    using folder = new Folder();
    const run = (...more: string[]) =>
      moongate(['credentials', 'list', '--url', rig.url, ...more], { cwd: folder.path });
    const refused = await run();
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('admin_key')]);
    expect((await run('--admin-key', 'admin-0123456789')).code).toBe(0);
  });
});

test('moongate credentials is open to the owner where no gateway runs, also where clients need keys', async () => {
  const simulator = await startSimulator({ accounts: [{ keys: CN_KEY, host: 'cn' }] });
  using folder = new Folder();
  const surfaces = { 'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key: CN_KEY }] } };
  const keys = [{ name: 'me', key: 'inbound-0123456789' }];
  writeFileSync(join(folder.path, 'moongate.yaml'), JSON.stringify({ surfaces, keys }));
  try {
    const { code, stdout, stderr } = await moongate(['credentials', 'list'], { cwd: folder.path });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('moonshot-cn-1 …');
  } finally {
    await simulator.close();
  }
});

describe('moongate doctor --user-agents', () => {
  test('states the risk, asks, tries, and says what to configure', async () => {
    const simulator = await startSimulator({ accounts: [{ keys: CODE, host: 'code' }] });
    using folder = new Folder();
    const cwd = folder.path;
    const config = { surfaces: { 'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key: CODE }] } } };
    writeFileSync(join(cwd, 'moongate.yaml'), JSON.stringify(config));
    try {
      const asked = await moongate(['doctor', '--user-agents'], { cwd });
      expect([asked.code, asked.stderr]).toEqual([2, expect.stringMatching(/forbidden by the vendor[\s\S]*--yes/)]);
      expect(simulator.calls).toHaveLength(0);
      const { code, stdout } = await moongate(['doctor', '--user-agents', '1.3,1.6', '--yes'], { cwd });
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^anthropic +moongate\/\S+ +ok\nopenai +moongate\/\S+ +client_refused: .*\nopenai +KimiCLI\/1.3 +client_refused: .*\nopenai +KimiCLI\/1.6 +ok\n\n.*keep `face: auto`/,
      );
      expect(simulator.calls.map(({ headers }) => headers['user-agent'])).toEqual([
        expect.stringMatching(/^moongate/),
        expect.stringMatching(/^moongate/),
        'KimiCLI/1.3',
        'KimiCLI/1.6',
      ]);
    } finally {
      await simulator.close();
    }
  });

  test.skipIf(!hasPython)('at a terminal it asks first: no means that nothing is sent', async () => {
    const simulator = await startSimulator({ accounts: [{ keys: CODE, host: 'code' }] });
    onTestFinished(() => simulator.close());
    using folder = new Folder();
    const config = { surfaces: { 'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key: CODE }] } } };
    writeFileSync(join(folder.path, 'moongate.yaml'), JSON.stringify(config));
    for (const [answer, sent, code] of [
      ['\r', 0, 1],
      ['y\r', 2, 0],
    ] as const) {
      await using session = Session.inTerminal(['doctor', '--user-agents', '--lang', 'en'], { cwd: folder.path });
      await session.until('forbidden by the vendor');
      await session.until('Go on? [y/N]');
      session.type(answer);
      expect([await session.exit, simulator.calls.length]).toEqual([code, sent]);
    }
  });
});
