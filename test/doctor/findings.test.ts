import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DOCTOR_CHECKS } from '../../src/cli/doctor/checks/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { VERSION } from '../../src/version.ts';
import { completion } from '../fake-surface.ts';
import { type Complaint, examined, findingsOf, type ReportedFinding } from './patient.ts';
import { json, modelList, startSmallSurface } from './small-surface.ts';

/** What a check can find that is in none of the seeds' tables (seed-rows.test.ts) and in no story (doctor.test.ts). */

const KEY = 'sk-doctor-findings-0123456789';
const CODE = 'sk-kimi-doctor-findings-0123456789';
const INBOUND = 'mg-doctor-findings-0123456789';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({
    accounts: [
      { keys: KEY, host: 'cn' },
      { keys: CODE, host: 'code' },
    ],
  });
});
afterAll(() => simulator.close());

const code = (more: object = {}, key = CODE) => ({
  surfaces: { 'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key }], ...more } },
});
const cn = (base_url: string, more: object = {}) => ({
  surfaces: { 'moonshot-cn': { base_url, credentials: [{ key: KEY }] }, 'moonshot-ai': { enabled: false } },
  ...more,
});

type Named = { readonly [Member in keyof ReportedFinding]?: string | RegExp };

async function expectFinding(check: string, complaint: Complaint, named: Named): Promise<void> {
  const { report } = await examined({ ...complaint, secrets: [KEY, CODE, INBOUND] });
  const expected = Object.fromEntries(
    Object.entries(named).map(([member, value]) => [
      member,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  );
  expect(findingsOf(report, check)).toContainEqual(expect.objectContaining(expected));
}

const token = (): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ typ: 'access', exp: 4_000_000_000 })}.c2lnbmF0dXJl`;
};

interface Situation {
  readonly check: string;
  readonly what: string;
  readonly complaint: () => Complaint;
  readonly named: Named;
}

const OFFLINE: readonly Situation[] = [
  {
    check: 'configuration',
    what: 'a setting that an owner should know of',
    complaint: () => ({ config: code({ user_agent_version: '1.5' }) }),
    named: { outcome: 'warning', seen: /presents itself as KimiCLI/ },
  },
  {
    check: 'keys',
    what: 'a token where a key belongs',
    complaint: () => ({ config: code({}, token()) }),
    named: { outcome: 'warning', seen: /a token, not an API key/, advice: /console/ },
  },
  {
    check: 'keys',
    what: 'a key of which nobody knows where it belongs',
    complaint: () => ({ env: { MOONSHOT_API_KEY: KEY } }),
    named: { outcome: 'ok', about: /^MOONSHOT_API_KEY …6789$/, seen: /asking tells its account system/ },
  },
  {
    check: 'keys',
    what: 'and one that is none',
    complaint: () => ({ env: { MOONSHOT_API_KEY: 'no-key-at-all-0123456789' } }),
    named: { outcome: 'warning', seen: /does not begin with sk-/ },
  },
  {
    check: 'requests',
    what: 'a surface that serves no such model',
    complaint: () => ({
      config: {
        surfaces: {
          other: {
            type: 'compatible',
            base_url: 'http://127.0.0.1:9/v1',
            credentials: [{ key: KEY }],
            models: { a: 'b' },
          },
        },
        routes: { default: ['other'] },
      },
    }),
    named: { outcome: 'ok', about: 'a temperature above 1' },
  },
  {
    check: 'identity',
    what: 'a name from `headers`',
    complaint: () => ({ config: code({ headers: { 'user-agent': 'my-agent/2' } }) }),
    named: { outcome: 'ok', about: 'kimi-code', seen: /^as my-agent\/2/ },
  },
  {
    check: 'identity',
    what: 'a name that is told for ever that the engine is busy',
    complaint: () => ({ config: code({ headers: { 'user-agent': 'Anthropic/JS 0.60' } }) }),
    named: {
      outcome: 'warning',
      seen: /^as Anthropic\/JS 0\.60: .*answered with 429/,
      advice: /Take the user-agent out/,
    },
  },
  {
    check: 'identity',
    what: 'a borrowed name',
    complaint: () => ({ config: code({ user_agent_version: '1.5' }) }),
    named: { outcome: 'warning', seen: /as KimiCLI\/1\.5 .*forbid it/, advice: /Leave `user_agent_version` out/ },
  },
  {
    check: 'identity',
    what: 'the way that is open to all',
    complaint: () => ({ config: code() }),
    named: { outcome: 'ok', seen: /everybody else as moongate\/.* on the Anthropic face/ },
  },
  {
    check: 'port',
    what: 'an address that this machine does not have',
    complaint: () => ({
      config: { ...code(), listen: '203.0.113.7:8000', keys: [{ name: 'me', key: INBOUND }] },
      env: { MOONGATE_LISTEN: '' },
    }),
    named: { outcome: 'failed', seen: /EADDRNOTAVAIL/, advice: /no such address/ },
  },
  {
    check: 'port',
    what: 'a free address',
    complaint: () => ({ config: code(), env: { MOONGATE_LISTEN: '127.0.0.1:0' } }),
    named: { outcome: 'ok', seen: 'free; no gateway runs here' },
  },
  {
    check: 'gateway',
    what: 'no gateway',
    complaint: () => ({ config: code() }),
    named: { outcome: 'skipped', seen: 'none runs' },
  },
  {
    check: 'proxy',
    what: 'no proxy variables',
    complaint: () => ({ config: code() }),
    named: { outcome: 'ok', seen: 'none is set; the gateway connects directly' },
  },
  {
    check: 'proxy',
    what: 'certificates that are not verified',
    complaint: () => ({ config: code(), env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' } }),
    named: { outcome: 'warning', about: 'NODE_TLS_REJECT_UNAUTHORIZED=0', advice: /Unset it/ },
  },
  {
    check: 'proxy',
    what: 'further authorities',
    complaint: () => ({ config: code(), env: { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem', NODE_NO_WARNINGS: '1' } }),
    named: { outcome: 'ok', about: 'NODE_EXTRA_CA_CERTS=/nowhere/ca.pem' },
  },
];

test.each(OFFLINE)('$check: $what', async ({ check, complaint, named }) => {
  await expectFinding(check, { args: ['--offline'], ...complaint() }, named);
});

describe('gateway: the one that runs here', () => {
  const running = async (version: string, credentials: ReturnType<typeof json>) =>
    startSmallSurface({
      '/healthz': json({ status: 'ok', version, mode: 'live' }),
      '/readyz': json({ ready: false, reason: 'There is no credential.' }, 503),
      '/admin/credentials': credentials,
    });

  test('is of another version, is not ready, and shows nothing without the admin key', async () => {
    const origin = await running('0.0.1', json({ error: { message: 'no' } }, 401));
    const complaint = { config: code(), env: { MOONGATE_LISTEN: new URL(origin).host }, args: ['--offline'] };
    await expectFinding('port', complaint, {
      outcome: 'warning',
      seen: /0\.0\.1 runs here/,
      advice: /start the gateway anew/,
    });
    await expectFinding('gateway', complaint, { outcome: 'failed', seen: 'not ready: There is no credential.' });
    await expectFinding('gateway', complaint, { outcome: 'skipped', seen: /HTTP 401.*set `admin_key`/ });
  });

  test('has a credential that waits for somebody', async () => {
    const stopped = {
      id: 'kimi-code-1 …6789',
      state: 'stopped',
      rest: { because: 'account_terminated', until: 0, resets_at: null },
    };
    const origin = await running(VERSION, json({ data: [stopped] }));
    const complaint = { config: code(), env: { MOONGATE_LISTEN: new URL(origin).host }, args: ['--offline'] };
    await expectFinding('gateway', complaint, {
      outcome: 'warning',
      about: 'kimi-code-1 …6789',
      seen: 'rests (account_terminated) until somebody acts',
      advice: /moongate credentials clear kimi-code-1$/,
    });
  });
});

describe('the network', () => {
  test('dns: an address needs no name', async () => {
    const complaint = { config: code(), args: ['--only', 'dns'] };
    await expectFinding('dns', complaint, { outcome: 'ok', about: '127.0.0.1', seen: 'an address, not a name' });
  });

  test('dns: a name', async () => {
    const config = cn('http://localhost:9/v1');
    await expectFinding(
      'dns',
      { config, args: ['--only', 'dns'] },
      { outcome: 'ok', about: 'localhost', seen: /127\.0\.0\.1|::1/ },
    );
  });

  test('tls: a connection without it is fine on this machine', async () => {
    const complaint = { config: code(), args: ['--only', 'tls'] };
    await expectFinding('tls', complaint, { outcome: 'ok', seen: /^connected in \d+ ms, without TLS$/ });
  });

  test.skipIf(spawnSync('openssl', ['version']).status !== 0)('tls: a certificate that ends soon', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moongate-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = [
      '-days',
      '3',
      '-nodes',
      '-subj',
      '/O=Soon/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    ];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      response.end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const config = cn(`https://localhost:${(server.address() as AddressInfo).port}/v1`);
    const env = { NODE_EXTRA_CA_CERTS: cert };
    await expectFinding(
      'tls',
      { config, env, args: ['--only', 'tls'] },
      { outcome: 'warning', seen: /certificate by Soon/, advice: /within a week/ },
    );
  });

  test('clock: a server that does not tell the time', async () => {
    const origin = await startSmallSurface({
      '/models': (response) => {
        response.sendDate = false;
        response.writeHead(401).end();
      },
    });
    const complaint = { config: cn(`${origin}/v1`), args: ['--only', 'clock'] };
    await expectFinding('clock', complaint, { outcome: 'skipped', seen: 'it does not say what time it is' });
  });
});

describe('the accounts', () => {
  test.each([
    [
      'redirects',
      (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/v1/models' }).end(),
      { code: 'upstream_redirect', advice: /never follows a redirect/ },
    ],
    [
      'answers with a page',
      (response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in to this Wi-Fi</html>'),
      { code: 'upstream_garbled', advice: /captive portal/ },
    ],
    ['hangs up', (response) => void response.destroy(), { code: 'upstream_unreachable', advice: /dns, tls and proxy/ }],
  ] as const satisfies readonly (readonly [string, Parameters<typeof startSmallSurface>[0][string], Named])[])(
    'credentials: a surface that %s',
    async (_what, answer, named) => {
      const origin = await startSmallSurface({ '/models': answer });
      const complaint = { config: cn(`${origin}/v1`), args: ['--only', 'credentials'] };
      await expectFinding('credentials', complaint, { outcome: 'failed', ...named });
    },
  );

  test('models: an account that may use none', async () => {
    const origin = await startSmallSurface({ '/models': modelList() });
    const complaint = { config: cn(`${origin}/v1`), args: ['--only', 'models'] };
    await expectFinding('models', complaint, { outcome: 'warning', seen: 'the list is empty', advice: /console/ });
  });

  test('models: what an account may use', async () => {
    const ids = Array.from({ length: 14 }, (_, at) => `kimi-x${at}`);
    const origin = await startSmallSurface({ '/models': modelList(...ids) });
    const complaint = { config: cn(`${origin}/v1`), args: ['--only', 'models'] };
    await expectFinding('models', complaint, { outcome: 'ok', seen: /^kimi-x0, .*kimi-x11, … \(14\)$/ });
  });

  test.each([
    [
      'a retired name',
      ['--model', 'kimi-k2.5'],
      {},
      { outcome: 'ok', seen: /^retired since 2026-08-31: served by kimi-k2\.6 on moonshot-cn/ },
    ],
    [
      'the default of the owner',
      [],
      { models: { default: 'kimi-k2.6' } },
      { outcome: 'ok', about: 'kimi-k2.6', seen: /^served as kimi-k2\.6/ },
    ],
    [
      'an alias of the owner that leads nowhere',
      [],
      { aliases: { fast: 'kimi-nobody' } },
      { outcome: 'warning', about: 'fast', code: 'unknown_model' },
    ],
    [
      'a name of another vendor',
      ['--model', 'claude-opus-4'],
      { model_tiers: { opus: 'kimi-k3' } },
      { outcome: 'ok', seen: /^a name of another vendor: served by kimi-k3 on moonshot-cn/ },
    ],
    [
      'a pattern of the owner',
      ['--model', 'fast-7'],
      { aliases: { 'fast-*': 'kimi-k2.6' } },
      { outcome: 'ok', seen: /^a pattern of the configuration: served by kimi-k2\.6/ },
    ],
    ['the usual alias', [], {}, { outcome: 'ok', about: 'k25', seen: /^another name: served by kimi-k2\.6/ }],
  ] as const)('model: %s', async (_what, args, more, named) => {
    const complaint = { config: cn(simulator.cnBaseUrl, more), args: ['--only', 'model', ...args] };
    await expectFinding('model', complaint, named);
  });

  test('quota: nearly used up, and used up', async () => {
    const complaint = { config: code(), args: ['--only', 'quota'] };
    const { weekly } = simulator.subscription(CODE);
    onTestFinished(() => {
      weekly.used = 0;
    });
    weekly.used = 95;
    await expectFinding('quota', complaint, {
      outcome: 'warning',
      seen: /^nearly used up: weekly 95\/100 \(\d+d/,
      advice: /begins anew/,
    });
    weekly.used = 100;
    await expectFinding('quota', complaint, {
      outcome: 'failed',
      code: 'quota_exhausted',
      seen: /^used up: weekly 100\/100/,
      advice: /begins anew/,
    });
  });

  test('quota: a surface that does not tell', async () => {
    const origin = await startSmallSurface({ '/models': modelList('a') });
    const surfaces = { other: { type: 'compatible', base_url: `${origin}/v1`, credentials: [{ key: KEY }] } };
    await expectFinding(
      'quota',
      { config: { surfaces }, args: ['--only', 'quota'] },
      { outcome: 'skipped', seen: 'the surface does not tell' },
    );
  });
});

describe('the answers', () => {
  const asked = async (answer: unknown, check: string, named: Named) => {
    const origin = await startSmallSurface({ '/chat/completions': json(answer), '/models': modelList('kimi-k2.6') });
    await expectFinding(check, { config: cn(`${origin}/v1`), args: ['--only', check, '--yes'] }, named);
  };
  const calling = (args: string) => ({
    ...completion(''),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'get_weather', arguments: args } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
  });

  test('answer: one without text', () =>
    asked(completion('  '), 'answer', {
      outcome: 'warning',
      seen: /^an answer without text \(stop\)/,
      advice: /--model/,
    }));

  test('answer: what cannot be read', () =>
    asked('nonsense', 'answer', { outcome: 'failed', code: 'upstream_garbled', advice: /captive portal/ }));

  test('stream: one that came whole', () =>
    asked(completion('hello'), 'stream', { outcome: 'warning', seen: /came whole/, advice: /a proxy that buffers/ }));

  test('stream: one that is cut off', async () => {
    const piece = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'a' } }] })}\n\n`;
    const origin = await startSmallSurface({
      '/chat/completions': (response) =>
        void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(piece),
      '/models': modelList('kimi-k2.6'),
    });
    const complaint = { config: cn(`${origin}/v1`), args: ['--only', 'stream', '--yes'] };
    await expectFinding('stream', complaint, {
      outcome: 'failed',
      code: 'stream_cut',
      seen: /stopped before its end/,
      advice: /another network/,
    });
  });

  test('tools: words instead of a call', () =>
    asked(completion('It is sunny.'), 'tools', { outcome: 'warning', seen: /answered in words/, advice: /--model/ }));

  test('tools: arguments that are no object', () =>
    asked(calling('Paris'), 'tools', { outcome: 'warning', seen: /no JSON object/, advice: /answer-arguments/ }));

  test('tools: a call', () =>
    asked(calling('{"city":"Paris"}'), 'tools', { outcome: 'ok', seen: 'called get_weather({"city":"Paris"})' }));

  test('where no model is known, none is asked', async () => {
    const origin = await startSmallSurface({ '/models': json({ error: { message: 'no' } }, 500) });
    const surfaces = { other: { type: 'compatible', base_url: `${origin}/v1`, credentials: [{ key: KEY }] } };
    for (const check of ['answer', 'stream', 'tools']) {
      const complaint = { config: { surfaces }, args: ['--only', check, '--yes'] };
      await expectFinding(check, complaint, { outcome: 'skipped', seen: /no model is known/ });
    }
  });
});

test('every check is met here or in the tables of the seeds', () => {
  const sources = ['findings.test.ts', 'doctor.test.ts', 'seed-rows.test.ts'].map((name) =>
    readFileSync(join(import.meta.dirname, name), 'utf8'),
  );
  const without = DOCTOR_CHECKS.filter(({ id }) => !sources.some((text) => text.includes(`'${id}'`))).map(
    ({ id }) => id,
  );
  expect(without).toEqual([]);
});
