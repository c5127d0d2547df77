import { afterEach, describe, expect, test } from 'vitest';
import { VERIFY_CHECKS } from '../../src/cli/verify/checks/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { Folder, moongate, Session } from '../cli/moongate.ts';
import { startRig } from '../setup.ts';
import { until } from '../until.ts';
import { startBreakingProxy } from './breaking-proxy.ts';
import { startFakeEndpoint } from './fake-endpoint.ts';

const folder = new Folder();
const cwd = folder.path;
const run = (...args: string[]) => moongate(['verify', ...args], { cwd });

interface Report {
  readonly moongate: boolean;
  readonly requests: number;
  readonly summary: Readonly<Record<string, number>>;
  readonly checks: readonly { readonly check: string; readonly outcome: string; readonly seen?: string }[];
}

const outcomes = ({ checks }: Report, outcome: string) =>
  checks.filter((check) => check.outcome === outcome).map(({ check }) => check);

let simulator: Simulator | undefined;
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

describe('the gateway', () => {
  test('conforms wholly in front of the simulator, in process', async () => {
    const { code, stdout, stderr } = await run('--demo', '--heavy', '--format', 'json');
    const report = JSON.parse(stdout) as Report;
    expect(report.checks.filter(({ outcome }) => outcome === 'differs' || outcome === 'known')).toEqual([]);
    expect(outcomes(report, 'skipped')).toEqual(['error-key']);
    expect({ code, isGateway: report.moongate, all: report.checks.length }).toEqual({
      code: 0,
      isGateway: true,
      all: VERIFY_CHECKS.length,
    });
    const [, told] = /^(\d+) small requests/.exec(stderr) ?? [];
    expect(report.requests).toBeLessThanOrEqual(Number(told));
  });

  test('conforms over a socket with keys, and every model of another kind does', async () => {
    await using rig = await startRig({ config: { keys: [{ name: 'me', key: 'mg-verify-0123456789abcdef' }] } });
    // A model that always thinks can be asked twice for a call, and still answer in words.
    const unmet = { 'kimi-k2.7-code': ['tool-choice-required'] };
    for (const [model, differs] of Object.entries({ 'kimi-k2.6': [], 'kimi-k3': [], ...unmet })) {
      const { code, stdout } = await run(
        rig.url,
        '--key',
        'mg-verify-0123456789abcdef',
        '--model',
        model,
        '--format',
        'json',
      );
      const report = JSON.parse(stdout) as Report;
      expect({ model, differs: outcomes(report, 'differs') }).toEqual({ model, differs });
      expect(outcomes(report, 'conforms')).toContain('error-key');
      expect(code).toBe(differs.length === 0 ? 0 : 1);
    }
  });
});

describe('the simulator without a gateway', () => {
  test('that holds every request to the letter differs in all that Kimi is known for', async () => {
    simulator = await startSimulator({ unknownMembers: 'refuse' });
    const { stdout } = await run(simulator.cnBaseUrl, '--key', 'sk-sim-cn', '--heavy', '--format', 'json');
    const report = JSON.parse(stdout) as Report;
    // These two are broken in broken-endpoints.test.ts: Kimi does what clients expect there.
    const fine = ['stream-empty-choices', 'null-members'];
    const dialect = VERIFY_CHECKS.filter(({ kind, id }) => kind === 'dialect' && !fine.includes(id));
    expect(outcomes(report, 'known')).toEqual(dialect.map(({ id }) => id));
    expect(outcomes(report, 'differs')).toEqual([]);
  });

  test('differs only as Kimi is known to', async () => {
    simulator = await startSimulator();
    const { code, stdout } = await run(simulator.cnBaseUrl, '--key', 'sk-sim-cn', '--format', 'json');
    const report = JSON.parse(stdout) as Report;
    expect(outcomes(report, 'differs')).toEqual([]);
    expect(outcomes(report, 'known')).toEqual(
      expect.arrayContaining([
        'sampling',
        'several-choices',
        'tool-choice-required',
        'developer-role',
        'functions-legacy',
      ]),
    );
    expect({ code, isGateway: report.moongate }).toEqual({ code: 0, isGateway: false });
  });

  test('does not let in a wrong key', async () => {
    simulator = await startSimulator();
    const { code, stdout, stderr } = await run(simulator.cnBaseUrl, '--key', 'sk-wrong-key-0123456789');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/does not let us in: HTTP 401: Invalid Authentication\nGive its key/);
    expect(stderr).not.toContain('sk-wrong-key');
  });

  test('is waited for where it is at its limit', async () => {
    simulator = await startSimulator();
    simulator.fail({ fault: 'rate-limit', times: 1 });
    const { stdout } = await run(
      simulator.cnBaseUrl,
      '--key',
      'sk-sim-cn',
      '--only',
      'whole-answer',
      '--model',
      'kimi-k2.6',
    );
    expect(stdout).toContain('✓ whole-answer');
  });
});

describe('the Responses face', () => {
  const of = async (broken: boolean) => {
    await using endpoint = await startFakeEndpoint({ broken });
    const { stdout } = await run(endpoint.url, '--only', 'responses', '--model', 'any', '--format', 'json');
    return JSON.parse(stdout) as Report;
  };

  test('conforms where it is right, and differs where its end is missing', async () => {
    expect(outcomes(await of(false), 'conforms')).toEqual(['responses-answer', 'responses-stream']);
    expect(outcomes(await of(true), 'differs')).toEqual(['responses-answer', 'responses-stream']);
  });
});

describe('reports', () => {
  test('a table tells what was seen and what it means', async () => {
    await using rig = await startRig();
    await using proxy = await startBreakingProxy(rig.url, { text: (text) => text.replace('data: [DONE]\n\n', '') });
    const { code, stdout } = await run('--url', proxy.url, '--only', 'streams');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ stream-done .*\n +seen: no \[DONE\]\n +means: Clients wait for more until a timeout/);
    expect((await run('--url', proxy.url, '--only', 'streams', '--lang', 'zh')).stdout).toContain(
      '影响：客户端会一直等到超时',
    );
  });

  test('a page is whole and safe, whatever the endpoint says', async () => {
    await using endpoint = await startFakeEndpoint({ says: '<script>alert(1)</script>"\'&\u001b[31m' });
    const { stdout } = await run(endpoint.url, '--only', 'answers', '--model', '<b>model</b>', '--format', 'html');
    expect(stdout).toMatch(/^<!doctype html>/);
    expect(stdout.trimEnd()).toMatch(/<\/html>$/);
    expect(stdout).toContain('&lt;script&gt;');
    expect(stdout).not.toMatch(/<script|<b>model|https?:\/\/(?!127\.0\.0\.1)/);
    expect(stdout).toContain('prefers-color-scheme:dark');
    const text = await run(endpoint.url, '--only', 'answers', '--model', 'any');
    expect(text.stdout).not.toContain('\u001b');
  });
});

describe('the command', () => {
  test('lists the checks with what they cost', async () => {
    const { code, stdout } = await run('--list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nstream-done +streams +protocol +0 +A stream ends/);
    expect(stdout).toMatch(/\n\d+ requests with those/);
  });

  test.each([
    [['--only', 'nonsense'], 'there is no check or group "nonsense"'],
    [['--format', 'xml'], '--format takes text, json, html'],
    [['--timeout', '0', '--demo'], '--timeout takes a whole number'],
    [['http://127.0.0.1:1', '--url', 'http://127.0.0.1:2'], 'Give the address once.'],
  ])('%j is exit code 2', async (args, advice) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(advice);
  });

  test('an address where nobody listens is told', async () => {
    const closed = await startFakeEndpoint({});
    await closed[Symbol.asyncDispose]();
    const { code, stderr } = await run(closed.url);
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
  });

  test('Ctrl-C ends it at once, without a report', async () => {
    await using endpoint = await startFakeEndpoint({ isSilent: true });
    await using session = Session.onPipes(['verify', endpoint.url, '--model', 'any'], { cwd });
    await until(() => endpoint.waiting > 0, 'the first request');
    session.child.kill('SIGINT');
    expect(await session.exit).toBe(1);
    expect(session.text).toBe('');
  });

  test('an endpoint that stays silent is given up after the timeout', async () => {
    await using endpoint = await startFakeEndpoint({ isSilent: true });
    const { code, stderr } = await run(endpoint.url, '--model', 'any', '--timeout', '1');
    expect(code).toBe(1);
    expect(stderr).toContain(`${endpoint.url} gave no answer within 1 s.`);
  });
});
