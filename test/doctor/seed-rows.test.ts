import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { startFakeSurface } from '../fake-surface.ts';
import { type Complaint, examined, findingsOf, type ReportedFinding } from './patient.ts';

/**
 * Every situation of the seeds' error tables (0.33–0.36, 1.41, 2.26–2.28, 3.35) is made, met by the built command, and
 * named by the doctor with its cause and its cure.
 */

const CN = 'sk-doctor-cn-0123456789abcdef';
const AI = 'sk-doctor-ai-0123456789abcdef';
const CODE = 'sk-kimi-doctor-0123456789abcdef';
const REVOKED = 'sk-doctor-revoked-0123456789';
const SECRETS = [CN, AI, CODE, REVOKED, 'sk-kimi-revoked-0123456789'];

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({
    accounts: [
      { keys: CN, host: 'cn', entitlements: { k3: false } },
      { keys: AI, host: 'ai' },
      { keys: CODE, host: 'code' },
    ],
    webAccounts: [{ id: 'owner' }],
  });
});
afterAll(() => simulator.close());

const cn = (key: string, more: object = {}) => ({
  'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key }], ...more },
  'moonshot-ai': { base_url: simulator.aiBaseUrl },
});
const ai = (key: string) => ({
  'moonshot-cn': { base_url: simulator.cnBaseUrl },
  'moonshot-ai': { base_url: simulator.aiBaseUrl, credentials: [{ key }] },
});
const code = (key: string, more: object = {}) => ({
  'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key }], ...more },
});
const web = (token: string) => ({
  'kimi-web': { base_url: simulator.webBaseUrl, auth_url: simulator.webBaseUrl, credentials: [{ token }] },
});

interface Situation {
  readonly row: string;
  readonly what: string;
  readonly complaint: () => Complaint | Promise<Complaint>;
  readonly check: string;
  /** What the surface answered, where somebody was asked. */
  readonly answered?: readonly [path: RegExp, status: number];
  readonly named: { readonly [Member in keyof ReportedFinding]?: string | RegExp };
}

const SITUATIONS: readonly Situation[] = [
  {
    row: '0.33',
    what: '403: the OpenAI face does not know this client',
    complaint: () => ({ config: { surfaces: code(CODE, { face: 'openai' }) }, args: ['--only', 'answer', '--yes'] }),
    check: 'answer',
    answered: [/chat\/completions$/, 403],
    named: { outcome: 'failed', code: 'client_refused', refusal: 'code-client', advice: /face: anthropic/ },
  },
  {
    row: '0.33',
    what: 'and without asking: the identity that would be refused',
    complaint: () => ({ config: { surfaces: code(CODE, { face: 'openai' }) }, args: ['--offline'] }),
    check: 'identity',
    named: { outcome: 'warning', seen: /admits only agents/, advice: /--user-agents/ },
  },
  {
    row: '0.34',
    what: '401: a key that is invalid or has expired',
    complaint: () => ({ config: { surfaces: code('sk-kimi-revoked-0123456789') }, args: ['--only', 'credentials'] }),
    check: 'credentials',
    answered: [/usages$/, 401],
    named: { outcome: 'failed', code: 'upstream_auth', refusal: 'code-wrong-key', advice: /sk-kimi-.*console/ },
  },
  {
    row: '0.34',
    what: '401: the key of the open platform was used (MOONSHOT_API_KEY for KIMI_API_KEY)',
    complaint: () => ({ env: { KIMI_API_KEY: CN }, args: ['--offline'] }),
    check: 'configuration',
    named: { outcome: 'failed', code: 'config_invalid', seen: /KIMI_API_KEY.*key of the Moonshot platform \(…cdef/s },
  },
  {
    row: '0.34',
    what: 'and the other way round',
    complaint: () => ({ config: { surfaces: cn(CODE) }, args: ['--offline'] }),
    check: 'configuration',
    named: { outcome: 'failed', code: 'config_invalid', seen: /holds a Kimi Code key.*put it into KIMI_API_KEY/s },
  },
  {
    row: '0.34',
    what: 'and where nobody has said to which platform it belongs',
    complaint: () => ({ env: { MOONSHOT_API_KEY: CODE }, args: ['--offline'] }),
    check: 'configuration',
    named: { outcome: 'failed', code: 'config_invalid', seen: /MOONSHOT_API_KEY.*put it into KIMI_API_KEY/s },
  },
  {
    row: '0.35',
    what: '404: a model name of another vendor goes up as it is',
    complaint: () => ({
      config: { surfaces: code(CODE, { models: { coder: 'claude-3-sonnet' } }) },
      args: ['--only', 'answer', '--model', 'coder', '--yes'],
    }),
    check: 'answer',
    answered: [/messages$/, 404],
    named: { outcome: 'failed', code: 'upstream_model_not_found', refusal: 'no-such-model', seen: /claude-3-sonnet/ },
  },
  {
    row: '0.35',
    what: 'what the gateway makes of that name',
    complaint: () => ({ config: { surfaces: code(CODE) }, args: ['--only', 'model', '--model', 'claude-3-sonnet'] }),
    check: 'model',
    named: { outcome: 'ok', about: 'claude-3-sonnet', seen: /a name of another vendor: served by .* on kimi-code/ },
  },
  {
    row: '0.35',
    what: 'a name that nobody serves, with the nearest ones',
    complaint: () => ({ config: { surfaces: code(CODE) }, args: ['--only', 'model', '--model', 'kimi-for-codin'] }),
    check: 'model',
    named: { outcome: 'failed', code: 'unknown_model', seen: /Did you mean 'kimi-for-coding'/ },
  },
  {
    row: '1.41',
    what: 'invalid_request_error: a temperature above 1',
    complaint: () => ({
      config: { surfaces: cn(CN), dialect: { disabled: ['sampling-fixed', 'sampling-range'] } },
      args: ['--offline'],
    }),
    check: 'requests',
    named: { outcome: 'failed', about: 'a temperature above 1', seen: /400 invalid_request_error/, advice: /migrate/ },
  },
  {
    row: '1.41',
    what: 'invalid_request_error: a temperature that k2.6 does not take',
    complaint: () => ({ config: { surfaces: cn(CN), dialect: { disabled: ['sampling-fixed'] } }, args: ['--offline'] }),
    check: 'requests',
    named: { outcome: 'failed', about: /where the model fixes it/, refusal: 'invalid-request' },
  },
  {
    row: '1.41',
    what: 'invalid_request_error: the old functions',
    complaint: () => ({
      config: { surfaces: cn(CN), dialect: { disabled: ['functions-to-tools'] } },
      args: ['--offline'],
    }),
    check: 'requests',
    named: { outcome: 'failed', about: /functions/, seen: /functions-to-tools is turned off/ },
  },
  {
    row: '1.41',
    what: 'and where the owner wants no repairs',
    complaint: () => ({ config: { surfaces: cn(CN), strict: true }, args: ['--offline'] }),
    check: 'requests',
    named: { outcome: 'failed', seen: /strict_repairs/, advice: /strict: false/ },
  },
  {
    row: '2.26',
    what: 'model missing: the configuration has a slip',
    complaint: () => ({ config: 'surfaces:\n  moonshot-cn:\n    credential: [ { key: x } ]\n', args: ['--offline'] }),
    check: 'configuration',
    named: { outcome: 'failed', code: 'config_invalid', seen: /moongate\.yaml:3.*credential/s, advice: /config check/ },
  },
  {
    row: '2.26',
    what: 'model missing: the file is no YAML',
    complaint: () => ({ config: 'surfaces: [ {', args: ['--offline'] }),
    check: 'configuration',
    named: { outcome: 'failed', code: 'config_invalid', seen: /moongate\.yaml:1/ },
  },
  {
    row: '2.26',
    what: 'model missing: no key is set',
    complaint: () => ({ args: ['--offline'] }),
    check: 'keys',
    named: { outcome: 'failed', code: 'no_credentials', advice: /KIMI_API_KEY[\s\S]*MOONSHOT_API_KEY/ },
  },
  {
    row: '2.26',
    what: 'model missing: the account has no right to it',
    complaint: () => ({ config: { surfaces: cn(CN) }, args: ['--only', 'model', '--model', 'kimi-k3'] }),
    check: 'model',
    named: { outcome: 'failed', code: 'unknown_model', seen: /kimi-k3/, advice: /what the account may use/ },
  },
  {
    row: '2.27',
    what: 'authentication: the key does not begin with sk-',
    complaint: () => ({ config: { surfaces: cn('my-secret-password') }, args: ['--offline'] }),
    check: 'keys',
    named: { outcome: 'warning', seen: /does not begin with sk-/, advice: /console/ },
  },
  {
    row: '2.27',
    what: 'authentication: the console has revoked the key',
    complaint: () => ({ config: { surfaces: cn(REVOKED) }, args: ['--only', 'credentials'] }),
    check: 'credentials',
    answered: [/cn\/v1\/models$/, 401],
    named: { outcome: 'failed', code: 'upstream_auth', refusal: 'wrong-key' },
  },
  {
    row: '2.27',
    what: 'authentication: the base URL is that of the other account system',
    complaint: () => ({ config: { surfaces: ai(CN) }, args: ['--only', 'credentials'] }),
    check: 'credentials',
    answered: [/ai\/v1\/models$/, 401],
    named: { outcome: 'failed', refusal: 'wrong-key', advice: /belongs to moonshot-cn, which takes it/ },
  },
  {
    row: '2.27',
    what: 'authentication: a key of which nobody has said where it belongs, and that neither takes',
    complaint: () => ({
      config: {
        surfaces: {
          'moonshot-cn': { base_url: simulator.cnBaseUrl },
          'moonshot-ai': { base_url: simulator.aiBaseUrl },
        },
      },
      env: { MOONSHOT_API_KEY: REVOKED },
      args: ['--only', 'credentials'],
    }),
    check: 'credentials',
    answered: [/ai\/v1\/models$/, 401],
    named: { outcome: 'failed', code: 'upstream_auth', about: /^MOONSHOT_API_KEY …6789$/ },
  },
  {
    row: '2.28',
    what: 'connection: nobody listens at the endpoint',
    complaint: () => ({ config: { surfaces: cn(CN, { base_url: 'http://127.0.0.1:9/v1' }) }, args: ['--only', 'tls'] }),
    check: 'tls',
    named: { outcome: 'failed', code: 'upstream_unreachable', seen: /ECONNREFUSED/, advice: /curl -v/ },
  },
  {
    row: '2.28',
    what: 'connection: the name does not exist',
    complaint: () => ({
      config: { surfaces: cn(CN, { base_url: 'https://nobody.invalid/v1' }) },
      args: ['--only', 'dns'],
    }),
    check: 'dns',
    named: { outcome: 'failed', about: 'nobody.invalid', seen: /ENOTFOUND|EAI_AGAIN/, advice: /base_url/ },
  },
  {
    row: '2.28',
    what: 'connection: the path of the endpoint is wrong',
    complaint: () => ({
      config: { surfaces: cn(CN, { base_url: simulator.cnBaseUrl.replace('/v1', '') }) },
      args: ['--only', 'credentials'],
    }),
    check: 'credentials',
    answered: [/cn\/models$/, 404],
    named: { outcome: 'failed', code: 'upstream_missing', refusal: 'no-such-path', advice: /ends in \/v1/ },
  },
  {
    row: '2.28',
    what: 'connection: the endpoint is tested directly, and answers',
    complaint: () => ({ config: { surfaces: cn(CN) }, args: ['--only', 'answer', '--yes'] }),
    check: 'answer',
    answered: [/chat\/completions$/, 200],
    named: { outcome: 'ok', seen: /answered “/ },
  },
  {
    row: '3.35',
    what: 'the token of the web chat has expired, as it says itself',
    complaint: () => ({ config: { surfaces: web(expired()) }, args: ['--offline'] }),
    check: 'keys',
    named: { outcome: 'failed', seen: /expired at 2025-/, advice: /Log in to the web chat/ },
  },
  {
    row: '3.35',
    what: 'the token of the web chat was voided by a later log-in',
    complaint: () => {
      const { accessToken } = simulator.webAccount().logIn();
      simulator.webAccount().logOut();
      return { config: { surfaces: web(accessToken) }, args: ['--only', 'credentials'], secrets: [accessToken] };
    },
    check: 'credentials',
    answered: [/web\//, 401],
    named: { outcome: 'failed', code: 'upstream_auth' },
  },
];

const expired = (): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ typ: 'access', iat: 1_760_000_000, exp: 1_760_000_900 })}.nothing`;
};

test.each(SITUATIONS)('$row $what', async ({ complaint, check, answered, named }) => {
  simulator.reset();
  const made = await complaint();
  const { code: exit, report } = await examined({ ...made, secrets: [...SECRETS, ...(made.secrets ?? [])] });
  if (answered !== undefined) {
    const [path, status] = answered;
    const calls = simulator.calls.filter((call) => path.test(call.path));
    expect(calls.map((call) => call.status)).toContain(status);
  }
  const expected = Object.fromEntries(
    Object.entries(named).map(([member, value]) => [
      member,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  );
  expect(findingsOf(report, check)).toContainEqual(expect.objectContaining(expected));
  expect(exit).toBe(report.counts['failed'] === 0 ? 0 : 1);
});

test('0.36 a stream with chunks that have no choices (“list index out of range”)', async () => {
  const chunk = (more: object) => `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', ...more })}\n\n`;
  const pieces = [
    chunk({ choices: [] }),
    chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: 'ok' } }] }),
    chunk({}),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    chunk({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }),
    'data: [DONE]\n\n',
  ];
  await using surface = await startFakeSurface((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(pieces.join(''));
  });
  const config = { surfaces: { 'moonshot-cn': { base_url: surface.baseUrl, credentials: [{ key: CN }] } } };
  const { report, code: exit } = await examined({ config, args: ['--only', 'stream', '--yes'], secrets: SECRETS });
  expect(findingsOf(report, 'stream')).toEqual([
    expect.objectContaining({
      outcome: 'warning',
      seen: expect.stringMatching(/2 of them without choices: .*list index out of range/),
      advice: expect.stringMatching(/empty-choices/),
    }),
  ]);
  expect(exit).toBe(0);
});

test('1.41 is what a surface that refuses what it does not know answers where the rules are off', async () => {
  const old = [
    { model: 'kimi-k2.6', temperature: 1.5 },
    { model: 'kimi-k2.6', temperature: 0.7 },
    { model: 'kimi-k2.6', functions: [{ name: 'f', parameters: {} }] },
  ];
  const strict = await startSimulator({ accounts: [{ keys: CN, host: 'cn' }], unknownMembers: 'refuse' });
  onTestFinished(() => strict.close());
  for (const body of old) {
    const response = await fetch(`${strict.cnBaseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('invalid_request_error')]);
  }
});

test('every row of the error tables has its situation', () => {
  const rows = new Set([...SITUATIONS.map(({ row }) => row), '0.36']);
  expect([...rows].sort()).toEqual(['0.33', '0.34', '0.35', '0.36', '1.41', '2.26', '2.27', '2.28', '3.35']);
});
