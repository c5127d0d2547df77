import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DOCTOR_CHECKS } from '../../src/cli/doctor/checks/index.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { Folder, hasPython, moongate, Session } from '../cli/moongate.ts';
import { CN_KEY, startRig } from '../setup.ts';
import { doctor, examined, findingsOf } from './patient.ts';

const CN = 'sk-doctor-cn-0123456789abcdef';
const CODE = 'sk-kimi-doctor-0123456789abcdef';
const SECRETS = [CN, CODE];

async function simulated(options: SimulatorOptions = {}) {
  const accounts = [
    { keys: CN, host: 'cn' as const },
    { keys: CODE, host: 'code' as const },
  ];
  const simulator = await startSimulator({ accounts, ...options });
  onTestFinished(() => simulator.close());
  const config = {
    surfaces: {
      'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key: CN }] },
      'moonshot-ai': { enabled: false },
      'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key: CODE }] },
    },
  };
  return { simulator, config };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('a whole examination', () => {
  test('of a healthy gateway finds nothing in the way, and tells what was seen', async () => {
    const { simulator, config } = await simulated();
    const { code, stdout, stderr } = await doctor({ config, args: ['--yes'], secrets: SECRETS });
    expect(stderr).toMatch(/^6 of the checks’ requests count .*3 small ones to each of kimi-code, moonshot-cn/);
    expect(stdout).toMatch(
      /✓ answer[\s\S]*kimi-code kimi-for-coding: answered “[\s\S]*moonshot-cn kimi-k2\.6: answered “/,
    );
    expect(stdout).toMatch(/✓ tools[\s\S]*moonshot-cn kimi-k2\.6: called get_weather\(/);
    expect(stdout).toMatch(/✓ quota[\s\S]*weekly 0\/100[\s\S]*1000 CNY/);
    expect(stdout).toMatch(/\n16 fine, 0 to look at, 0 in the way, 1 not looked at\.\n$/);
    expect(code).toBe(0);
    const posts = simulator.calls.filter(({ method }) => method === 'POST');
    expect(posts).toHaveLength(6);
    expect(posts.every(({ status }) => status === 200)).toBe(true);
  });

  test('its JSON has the members that docs/doctor.md promises, in the order of the report', async () => {
    const { config } = await simulated();
    const { report, code } = await examined({ config, args: ['--yes', '--lang', 'zh'], secrets: SECRETS });
    expect(code).toBe(0);
    expect(Object.keys(report)).toEqual(['version', 'at', 'ok', 'counts', 'checks']);
    expect(report.counts).toEqual({ ok: 16, warning: 0, failed: 0, skipped: 1 });
    expect(report.checks.map(({ check }) => check)).toEqual(DOCTOR_CHECKS.map(({ id }) => id));
    for (const check of report.checks) {
      expect(Object.keys(check)).toEqual(['check', 'group', 'outcome', 'did', 'ms', 'findings']);
      for (const finding of check.findings) {
        expect(Object.keys(finding)).toEqual(['outcome', 'about', 'seen', 'advice', 'code', 'refusal']);
      }
    }
    expect(JSON.stringify(report)).not.toMatch(/\p{Script=Han}/u);
  });

  test('offline asks nobody', async () => {
    const { simulator, config } = await simulated();
    const { report, code, stderr } = await examined({ config, args: ['--offline'] });
    expect([code, stderr]).toEqual([0, '']);
    expect(simulator.calls).toEqual([]);
    expect(report.checks.filter(({ outcome }) => outcome === 'skipped').map(({ group }) => group)).toEqual(
      expect.arrayContaining(['network', 'accounts', 'answers']),
    );
  });

  test('without a terminal to ask at, what costs is left out and said so', async () => {
    const { simulator, config } = await simulated();
    const { report, stderr, code } = await examined({ config });
    expect(code).toBe(0);
    expect(stderr).toMatch(/left out; --yes agrees/);
    expect(findingsOf(report, 'answer')).toEqual([
      expect.objectContaining({ outcome: 'skipped', seen: expect.stringMatching(/--yes/) }),
    ]);
    expect(simulator.calls.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test.skipIf(!hasPython)('at a terminal it asks first, and a no leaves only that out', async () => {
    const { simulator, config } = await simulated();
    using folder = new Folder();
    writeFileSync(join(folder.path, 'moongate.yaml'), JSON.stringify(config));
    await using session = Session.inTerminal(['doctor', '--only', 'configuration,answers'], { cwd: folder.path });
    await session.until('Go on? [y/N]');
    session.type('n\r');
    await session.until('it costs; --yes agrees');
    await session.until('1 fine, 0 to look at, 0 in the way, 3 not looked at.');
    expect(simulator.calls).toEqual([]);
  });

  test('speaks Chinese', async () => {
    const { config } = await simulated();
    const { stdout } = await doctor({ config: { ...config, strict: true }, args: ['--offline', '--lang', 'zh'] });
    expect(stdout).toMatch(/^本机\n/);
    expect(stdout).toMatch(/→ 请修改客户端/);
    expect(stdout).toMatch(/故障 1/);
  });

  test.each([
    [['--only', 'nothing'], /there is no check or group "nothing"/],
    [['--user-agents', '--only', 'port'], /exclude each other/],
    [['--timeout', '0'], /--timeout takes/],
  ])('%j is a wrong command line', async (args, message) => {
    const { code, stderr } = await doctor({ args });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  test('Ctrl-C ends it at once', async () => {
    const silent = createServer((request) => void request.resume());
    const port = await listening(silent);
    onTestFinished(() => silent.closeAllConnections());
    using folder = new Folder();
    const surfaces = { 'moonshot-cn': { base_url: `http://127.0.0.1:${port}/v1`, credentials: [{ key: CN }] } };
    writeFileSync(join(folder.path, 'moongate.yaml'), JSON.stringify({ surfaces }));
    await using session = Session.onPipes(['doctor', '--only', 'here,credentials'], { cwd: folder.path });
    await session.until('✓ configuration');
    session.child.kill('SIGINT');
    expect(await session.exit).toBe(1);
  });
});

describe('the port', () => {
  test('that another program holds', async () => {
    const port = await listening(createServer((_, response) => response.end('hello')));
    const { config } = await simulated();
    const { report, code } = await examined({
      config: { ...config, listen: port },
      env: { MOONGATE_LISTEN: '' },
      args: ['--only', 'port'],
    });
    const [finding] = findingsOf(report, 'port');
    expect(finding).toMatchObject({
      outcome: 'failed',
      about: `127.0.0.1:${port}`,
      advice: expect.stringMatching(/listen elsewhere/),
    });
    expect(finding?.seen).toMatch(/^taken, and not by moongate/);
    if (process.platform === 'linux') expect(finding?.seen).toContain(`(pid ${process.pid})`);
    expect(code).toBe(1);
  });

  test('that moongate holds, whose resting credentials are named', async () => {
    await using rig = await startRig();
    rig.simulator.account(CN_KEY).suspended = true;
    rig.simulator.account(CN_KEY).cash = 0;
    await rig.chat('hi');
    const config = {
      surfaces: { 'moonshot-cn': { base_url: rig.simulator.cnBaseUrl, credentials: [{ key: CN_KEY }] } },
    };
    const { report } = await examined({
      config,
      env: { MOONGATE_LISTEN: `127.0.0.1:${rig.port}` },
      args: ['--only', 'port,gateway,quota'],
      secrets: [CN_KEY],
    });
    expect(findingsOf(report, 'port')).toEqual([
      expect.objectContaining({ outcome: 'ok', seen: expect.stringMatching(/^moongate .* runs here/) }),
    ]);
    expect(findingsOf(report, 'gateway')).toEqual([
      expect.objectContaining({ outcome: 'ok', seen: 'ready' }),
      expect.objectContaining({
        outcome: 'warning',
        about: expect.stringMatching(/^moonshot-cn-1 …/),
        seen: expect.stringMatching(/^rests \(quota_exhausted\)/),
      }),
    ]);
    expect(findingsOf(report, 'quota')).toEqual([
      expect.objectContaining({
        outcome: 'failed',
        code: 'quota_exhausted',
        seen: 'used up: 0 CNY',
        advice: expect.stringMatching(/Top the account up/),
      }),
    ]);
  });
});

test('a log-in of the web chat that a running gateway holds is left to it by every check', async () => {
  const webAccounts = [{ id: 'owner', refreshToken: 'sim-web-refresh-of-the-doctor' }];
  const config = ({ webBaseUrl }: { readonly webBaseUrl: string }) => ({
    surfaces: {
      'moonshot-cn': { enabled: false },
      'moonshot-ai': { enabled: false },
      'kimi-web': {
        base_url: webBaseUrl,
        auth_url: webBaseUrl,
        credentials: [{ token: 'sim-web-refresh-of-the-doctor' }],
      },
    },
  });
  await using rig = await startRig({ simulator: { webAccounts }, config });
  const { refreshes } = rig.simulator.webAccount();
  const before = rig.simulator.calls.length;
  const { report, code, stderr } = await examined({
    config: config(rig.simulator),
    env: { MOONGATE_LISTEN: `127.0.0.1:${rig.port}` },
    args: ['--only', 'accounts,answers', '--yes'],
    secrets: ['sim-web-refresh-of-the-doctor'],
  });
  expect([code, stderr]).toEqual([0, '']);
  expect(rig.simulator.calls.slice(before)).toEqual([]);
  expect(rig.simulator.webAccount().refreshes).toBe(refreshes);
  for (const id of ['credentials', 'models', 'quota', 'answer', 'stream', 'tools']) {
    expect(findingsOf(report, id), id).toEqual([
      expect.objectContaining({
        outcome: 'skipped',
        seen: 'the gateway that runs here holds this log-in',
        advice: expect.stringContaining('moongate credentials test kimi-web-1'),
      }),
    ]);
  }
});

describe('the network', () => {
  test('proxy variables are named without their password, and the gateway does not go through them', async () => {
    let throughProxy = 0;
    const server = createServer((_, response) => {
      throughProxy++;
      response.writeHead(502).end();
    });
    const port = await listening(server);
    const proxy = `http://user:secret-of-the-proxy@127.0.0.1:${port}`;
    const { config } = await simulated();
    const env = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '1' };
    const { report, code } = await examined({
      config,
      env,
      args: ['--only', 'proxy,accounts'],
      secrets: ['secret-of-the-proxy'],
    });
    expect(throughProxy).toBe(0);
    expect(findingsOf(report, 'proxy')).toEqual([
      expect.objectContaining({
        outcome: 'warning',
        about: expect.stringMatching(/^HTTPS_PROXY=http:\/\/\*\*\*@127/),
        seen: expect.stringMatching(/does not use it/),
      }),
      expect.objectContaining({
        outcome: 'warning',
        about: 'NO_PROXY',
        advice: expect.stringMatching(/127\.0\.0\.1,localhost/),
      }),
    ]);
    expect(code).toBe(0);
    const fine = await examined({
      config,
      env: { ...env, NO_PROXY: 'localhost,127.0.0.1' },
      args: ['--only', 'proxy'],
    });
    expect(findingsOf(fine.report, 'proxy')[1]).toMatchObject({ outcome: 'ok', about: 'NO_PROXY=localhost,127.0.0.1' });
  });

  test.each([
    [600, 'failed', /behind/],
    [-60, 'warning', /ahead/],
    [5, 'ok', /behind/],
  ])('a clock that is %i s off is %s', async (seconds, outcome, seen) => {
    const server = createServer((_, response) => {
      response.writeHead(401, { date: new Date(Date.now() + seconds * 1_000).toUTCString() }).end('{}');
    });
    const port = await listening(server);
    const surfaces = { 'moonshot-cn': { base_url: `http://127.0.0.1:${port}/v1`, credentials: [{ key: CN }] } };
    const { report } = await examined({ config: { surfaces }, args: ['--only', 'clock'] });
    expect(findingsOf(report, 'clock')).toEqual([
      expect.objectContaining({ outcome, seen: expect.stringMatching(seen) }),
    ]);
  });

  test.skipIf(spawnSync('openssl', ['version']).status !== 0)('a certificate that nobody vouches for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moongate-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const subject = ['-days', '30', '-nodes', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...files, ...subject], { stdio: 'ignore' });
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name)));
    const port = await listening(createTlsServer({ key, cert }, (_, response) => response.writeHead(401).end('{}')));
    const surfaces = { 'moonshot-cn': { base_url: `https://localhost:${port}/v1`, credentials: [{ key: CN }] } };
    const { report, code } = await examined({ config: { surfaces }, args: ['--only', 'network,credentials'] });
    expect(code).toBe(1);
    expect(findingsOf(report, 'tls')).toEqual([
      expect.objectContaining({
        outcome: 'failed',
        seen: expect.stringMatching(/SELF_SIGNED/),
        advice: expect.stringMatching(/NODE_EXTRA_CA_CERTS/),
      }),
    ]);
    // Who cannot be reached is not asked again and again.
    expect(findingsOf(report, 'credentials')).toEqual([expect.objectContaining({ outcome: 'skipped' })]);
    const trusting = { NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') };
    const trusted = await examined({ config: { surfaces }, env: trusting, args: ['--only', 'tls'] });
    expect(findingsOf(trusted.report, 'tls')).toEqual([
      expect.objectContaining({ outcome: 'ok', seen: expect.stringMatching(/TLSv1\.3/) }),
    ]);
  });

  test('a surface that never answers is given up', async () => {
    const silent = createServer((request) => void request.resume());
    const port = await listening(silent);
    onTestFinished(() => silent.closeAllConnections());
    const surfaces = { 'moonshot-cn': { base_url: `http://127.0.0.1:${port}/v1`, credentials: [{ key: CN }] } };
    const { report } = await examined({ config: { surfaces }, args: ['--only', 'models', '--timeout', '1'] });
    expect(findingsOf(report, 'models')).toEqual([
      expect.objectContaining({
        outcome: 'failed',
        code: expect.stringMatching(/_timeout$/),
        advice: expect.stringMatching(/--timeout/),
      }),
    ]);
  });
});

describe('accounts', () => {
  test.each([
    ['isTerminated', 'code-terminated', 'account_terminated', 'failed'],
    ['isMonthSpent', 'code-monthly', 'quota_exhausted', 'failed'],
  ] as const)('%s of the subscription is named by the atlas', async (member, refusal, code, outcome) => {
    const { simulator, config } = await simulated();
    simulator.subscription(CODE)[member] = true;
    const { report } = await examined({ config, args: ['--only', 'answer', '--yes'], secrets: SECRETS });
    expect(findingsOf(report, 'answer')).toContainEqual(expect.objectContaining({ outcome, code, refusal }));
  });

  test('an engine without room is no fault of the account', async () => {
    const { simulator, config } = await simulated();
    simulator.fail({ fault: 'overload', times: 2, match: ({ method }) => method === 'POST' });
    const { report, code } = await examined({ config, args: ['--only', 'answer', '--yes'] });
    expect(findingsOf(report, 'answer').map(({ outcome }) => outcome)).toContain('warning');
    expect(code).toBe(0);
  });

  test('a key whose account system is not known is found out, and then examined', async () => {
    const { simulator } = await simulated();
    const surfaces = {
      'moonshot-cn': { base_url: simulator.cnBaseUrl },
      'moonshot-ai': { base_url: simulator.aiBaseUrl },
    };
    const { report, code } = await examined({
      config: { surfaces },
      env: { MOONSHOT_API_KEY: CN },
      args: ['--only', 'accounts'],
      secrets: SECRETS,
    });
    expect(findingsOf(report, 'credentials')).toEqual([
      expect.objectContaining({ outcome: 'ok', seen: 'belongs to moonshot-cn, which takes it' }),
    ]);
    expect(findingsOf(report, 'quota')).toEqual([expect.objectContaining({ outcome: 'ok', seen: '1000 CNY' })]);
    expect(code).toBe(0);
  });

  test('what a surface quotes of a secret is masked', async () => {
    const server = createServer((request, response) => {
      const key = request.headers.authorization?.slice('Bearer '.length);
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: `Incorrect API key provided: ${key}`, type: 'incorrect_api_key_error' } }),
      );
    });
    const port = await listening(server);
    const surfaces = { 'moonshot-cn': { base_url: `http://127.0.0.1:${port}/v1`, credentials: [{ key: CN }] } };
    const { report } = await examined({ config: { surfaces }, args: ['--only', 'credentials'], secrets: SECRETS });
    expect(findingsOf(report, 'credentials')).toEqual([
      expect.objectContaining({ outcome: 'failed', seen: expect.stringContaining('…cdef') }),
    ]);
  });
});

test('--list shows every check', async () => {
  using folder = new Folder();
  const { stdout, code } = await moongate(['doctor', '--list'], { cwd: folder.path });
  expect(code).toBe(0);
  for (const { id } of DOCTOR_CHECKS) expect(stdout).toMatch(new RegExp(`^${id} `, 'm'));
});
