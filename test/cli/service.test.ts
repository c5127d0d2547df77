import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Folder, hasPython, moongate, Session } from './moongate.ts';

const folder = new Folder();
const surroundings = { cwd: folder.path, env: { HOME: folder.path } };
const unit = join(folder.path, '.config/systemd/user/moongate.service');

afterAll(() => folder[Symbol.dispose]());

describe('service', () => {
  test('--print shows the file and writes nothing', async () => {
    const args = [
      'service',
      'install',
      '--print',
      '--manager',
      'systemd',
      '--data',
      'my 100%',
      '--listen',
      '127.0.0.1:9',
    ];
    const { code, stdout } = await moongate(args, surroundings);
    expect(code).toBe(0);
    expect(stdout).toContain(`cli.js serve --data "${folder.path}/my 100%%" --listen 127.0.0.1:9\n`);
    expect(stdout).toContain(`WorkingDirectory=${folder.path}\n`);
    expect(existsSync(unit)).toBe(false);
    const analyse = spawnSync('systemd-analyze', ['--version']);
    if (analyse.status === 0) {
      const copy = join(folder.path, 'moongate.service');
      writeFileSync(copy, stdout);
      expect(spawnSync('systemd-analyze', ['--user', 'verify', copy], { encoding: 'utf8' }).stderr).not.toMatch(
        /moongate\.service:\d+/,
      );
    }
  });

  test('launchd gets a property list', async () => {
    const args = ['service', 'install', '--print', '--manager', 'launchd', '--data', 'a<b>&c'];
    const { stdout } = await moongate(args, surroundings);
    expect(stdout).toContain(`<string>${folder.path}/a&lt;b&gt;&amp;c</string>`);
    if (hasPython) {
      const read = 'import plistlib,sys; print(plistlib.loads(sys.stdin.buffer.read())["ProgramArguments"][-1])';
      const { stdout: last } = spawnSync('python3', ['-c', read], { input: stdout, encoding: 'utf8' });
      expect(last.trim()).toBe(`${folder.path}/a<b>&c`);
    }
  });

  test('without a terminal nobody can agree; --yes writes, status tells, uninstall removes', async () => {
    const asked = await moongate(['service', 'install', '--manager', 'systemd'], surroundings);
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
    const written = await moongate(['service', 'install', '--manager', 'systemd', '--yes'], surroundings);
    expect(written.code).toBe(0);
    expect(written.stdout).toContain('systemctl --user enable --now moongate');
    expect(readFileSync(unit, 'utf8')).toContain('ExecReload=/bin/kill -HUP $MAINPID');
    expect(readFileSync(unit, 'utf8')).toMatch(/^ExecStart=\S+ --max-semi-space-size=16 \S+ serve/m);
    const again = await moongate(['service', 'install', '--manager', 'systemd', '--lang', 'zh'], surroundings);
    expect(again.stdout).toContain('文件已存在，内容相同。');
    const status = await moongate(['service', 'status', '--manager', 'systemd', '--json'], surroundings);
    expect(status.code).toBe(1);
    expect(JSON.parse(status.stdout)).toEqual({
      ...{ file: unit, installed: true, active: false, address: 'http://127.0.0.1:9', answers: false },
    });
    const removed = await moongate(['service', 'uninstall', '--manager', 'systemd', '--yes'], surroundings);
    expect(removed.code).toBe(0);
    expect(existsSync(unit)).toBe(false);
  });

  test('a configuration that would not start is found out before', async () => {
    writeFileSync(join(folder.path, 'broken.yaml'), 'lisen: 1\n');
    const { code, stderr } = await moongate(['service', 'install', '--yes', '--config', 'broken.yaml'], surroundings);
    expect(code).toBe(1);
    expect(stderr).toContain('broken.yaml:1:1');
    expect(existsSync(unit)).toBe(false);
  });

  test.skipIf(!hasPython)('at a terminal it asks', async () => {
    await using session = Session.inTerminal(['service', 'install', '--manager', 'systemd'], surroundings);
    await session.until('ExecStart=');
    await session.until('Write this file?');
    session.type('n');
    expect(await session.exit).toBe(1);
    expect(existsSync(unit)).toBe(false);
  });
});
