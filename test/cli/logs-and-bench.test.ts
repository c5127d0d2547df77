import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { Folder, moongate, Session } from './moongate.ts';

const folder = new Folder();
const cwd = folder.path;
let simulator: Simulator;
let server: Session;
let address: string;

beforeAll(async () => {
  simulator = await startSimulator();
  const surface = `moonshot-cn: { base_url: "${simulator.cnBaseUrl}", credentials: [ { key: sk-sim-cn } ] }`;
  writeFileSync(join(cwd, 'moongate.yaml'), `listen: 127.0.0.1:0\nsurfaces:\n  ${surface}\n`);
  server = Session.onPipes(['serve'], { cwd, env: { MOONGATE_LISTEN: '127.0.0.1:0' } });
  address = (await server.until(/listens on (\S+)/))[1] ?? '';
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await simulator.close();
  folder[Symbol.dispose]();
});

const chat = (content: string) =>
  fetch(`${address}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'k25', messages: [{ role: 'user', content }] }),
  });

describe('logs', () => {
  test('shows the last lines of a running gateway, found at the configured address', async () => {
    expect((await chat('a very private question')).status).toBe(200);
    expect((await chat('sim: status 400 invalid_request_error That will not do.')).status).toBe(400);
    const env = { MOONGATE_LISTEN: new URL(address).host };
    // The log goes out in batches, twice a second.
    const seen = await eventually(
      () => moongate(['logs', '--json'], { cwd, env }),
      ({ stdout }) => stdout.includes('"status":400'),
    );
    expect(seen).toMatchObject({ code: 0, stderr: '' });
    const lines = seen.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'answered', status: 200, surface: 'moonshot-cn' }));
    expect(seen.stdout).not.toContain('private');
    expect(seen.stdout).not.toContain('sk-sim-cn');
    const pretty = await moongate(['logs', '-n', '500', '--url', address], { cwd });
    expect(pretty.stdout).toMatch(/\d\d:\d\d:\d\d info {2}answered 200 POST \/v1\/chat\/completions kimi-k2\.6/);
    const none = await moongate(['logs', '--level', 'error', '--url', address], { cwd });
    expect(none).toMatchObject({ code: 0, stdout: '' });
  });

  test('-f goes on until Ctrl-C, or until the gateway stops', async () => {
    await using following = Session.onPipes(['logs', '-f', '-n', '0', '--url', address], { cwd });
    await using other = Session.onPipes(['logs', '-f', '-n', '0', '--json', '--url', address], { cwd });
    const found = Promise.all([following.until('answered 200 POST'), other.until('"status":200')]);
    // Nothing tells when they listen: each question makes a line.
    let isSeen = false;
    void found.then(() => (isSeen = true));
    while (!isSeen) await chat('hello');
    await found;
    following.child.kill('SIGINT');
    expect(await following.exit).toBe(0);
    server.child.kill('SIGTERM');
    expect(await other.exit).toBe(0);
    expect(await server.exit).toBe(0);
  });

  test('needs the admin key where there is one, which the configuration has', async () => {
    const surface = `moonshot-cn: { base_url: "${simulator.cnBaseUrl}", credentials: [ { key: sk-sim-cn } ] }`;
    const keys = 'admin_key: admin-0123456789\nkeys: [ { name: me, key: sk-inbound-123456 } ]\n';
    writeFileSync(join(cwd, 'closed.yaml'), `listen: 127.0.0.1:0\n${keys}surfaces:\n  ${surface}\n`);
    const env = { MOONGATE_LISTEN: '127.0.0.1:0' };
    await using closed = Session.onPipes(['serve', '--config', 'closed.yaml'], { cwd, env });
    const at = (await closed.until(/listens on (\S+)/))[1] ?? '';
    const wrong = await moongate(['logs', '--url', at, '--admin-key', 'admin-guessed-1'], { cwd });
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('not the admin key') });
    const own = { MOONGATE_LISTEN: new URL(at).host };
    const right = await moongate(['logs', '--config', 'closed.yaml'], { cwd, env: own });
    expect(right).toMatchObject({ code: 0, stderr: '' });
  });

  test('says that none runs, or that an option is wrong', async () => {
    const none = await moongate(['logs'], { cwd, env: { MOONGATE_LISTEN: '127.0.0.1:9' } });
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain('No gateway runs at http://127.0.0.1:9.');
    const wrong = await moongate(['logs', '--level', 'loud', '--lang', 'zh'], { cwd });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('而不是“loud”') });
  });
});

describe('bench', () => {
  test('measures the demo at once', async () => {
    const { code, stdout, stderr } = await moongate(['bench', '--demo', '-n', '6', '-c', '3', '--stream', '--json'], {
      cwd,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ requests: 6, failed: 0, errors: {}, surfaces: { simulator: 6 } });
    expect(report.total_ms.p50).toBeGreaterThanOrEqual(report.first_ms.p50);
    expect(report.total_ms.max).toBeGreaterThanOrEqual(report.total_ms.p99);
    expect(report.overhead_ms.p50).not.toBeNull();
  });

  test('asks before it spends, and tells what failed', async () => {
    const surface = `moonshot-cn: { base_url: "${simulator.cnBaseUrl}", credentials: [ { key: sk-sim-cn } ] }`;
    writeFileSync(join(cwd, 'spend.yaml'), `surfaces:\n  ${surface}\nretries: { attempts: 1 }\n`);
    const asked = await moongate(['bench', '--config', 'spend.yaml'], { cwd });
    expect(asked).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('add --yes') });
    const args = ['bench', '--config', 'spend.yaml', '--yes', '-n', '2', '--prompt', 'sim: status 400 bad No.'];
    const failed = await moongate(args, { cwd });
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/^2 requests in [\d.]+ s, [\d.]+ a second; 2 failed\n/);
    expect(failed.stdout).toContain('2 × upstream_refused');
  });
});

async function eventually<Value>(look: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const value = await look();
    if (isSo(value) || performance.now() > deadline) return value;
  }
}
