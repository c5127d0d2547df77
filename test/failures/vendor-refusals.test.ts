import { expect, test } from 'vitest';
import { CN_KEY, type Rig, startRig } from '../setup.ts';

const CODE_KEY = 'sk-kimi-rig-0123456789abcdef';
/** One try, so that what the client is told is what the surface said. */
const retries = { attempts: 1 };

type Row = readonly [
  said: string,
  status: number,
  code: string,
  /** What the client is told to do: wait so many seconds, try again, or not to. */
  advice: 'wait' | 'again' | 'stop',
  hint?: RegExp,
];

/** `said`: status, type and sentence, as a script of the simulator has them. Platform docs, errors page. */
const PLATFORM: readonly Row[] = [
  [
    '400 content_filter The request was rejected because it was considered high risk',
    400,
    'content_filter',
    'stop',
    /rephrase/,
  ],
  ['400 invalid_request_error Invalid request: no such thing', 400, 'upstream_refused', 'stop'],
  ['400 invalid_request_error Input token length too long', 400, 'context_length_exceeded', 'stop', /Shorten/],
  [
    '400 invalid_request_error Your request exceeded model token limit: 262144 (requested: 300000)',
    400,
    'context_length_exceeded',
    'stop',
    /larger window/,
  ],
  ['401 invalid_authentication_error Invalid Authentication', 401, 'upstream_auth', 'stop', /platform\.kimi\.com/],
  ['401 incorrect_api_key_error Incorrect API key provided', 401, 'upstream_auth', 'stop', /Check the key/],
  ['403 permission_denied_error The API you are accessing is not open', 403, 'upstream_permission', 'stop'],
  [
    '404 resource_not_found_error Not found the model kimi-k9 or Permission denied',
    404,
    'upstream_model_not_found',
    'stop',
    /\/v1\/models/,
  ],
  ['413 Request exceeds the maximum size', 413, 'upstream_too_large', 'stop'],
  ['429 engine_overloaded_error The engine is currently overloaded, please try again later', 429, 'overloaded', 'wait'],
  [
    '429 rate_limit_reached_error Organization Rate limit exceeded, please try again after 1 seconds',
    429,
    'rate_limited',
    'wait',
  ],
  [
    '429 rate_limit_reached_error Your account org-1<ak-1> request reached organization max concurrency: 3, please try again after 1 seconds',
    429,
    'rate_limited',
    'wait',
  ],
  [
    '429 rate_limit_reached_error Your account org-1<ak-1> request reached organization max RPM: 3, please try again after 1 seconds',
    429,
    'rate_limited',
    'wait',
  ],
  [
    '429 rate_limit_reached_error Your account org-1<ak-1> request reached organization TPM rate limit, current: 5, limit: 3',
    429,
    'rate_limited',
    'wait',
  ],
  [
    '429 rate_limit_reached_error Your account org-1<ak-1> request reached organization TPD rate limit, current: 5, limit: 3',
    429,
    'rate_limited',
    'wait',
  ],
  [
    '429 exceeded_current_quota_error You exceeded your current token quota, please check your account balance',
    429,
    'quota_exhausted',
    'stop',
    /Top the account up/,
  ],
  [
    '429 exceeded_current_quota_error Your account org-1<ak-1> is suspended due to insufficient balance, please recharge your account',
    429,
    'quota_exhausted',
    'stop',
    /Top the account up/,
  ],
  ['500 server_error Internal server error', 500, 'upstream_error', 'again'],
  ['500 unexpected_output Unexpected output', 500, 'upstream_error', 'again'],
  ['503 server_unavailable The server is unavailable', 503, 'upstream_error', 'again'],
];

/** Kimi Code, error reference. */
const CODE: readonly Row[] = [
  ['400 invalid_request_error total message size 5943865 exceeds limit 2097152', 413, 'upstream_too_large', 'stop'],
  [
    '400 invalid_request_error Your request exceeded model token limit: 262144 (requested: 300000)',
    400,
    'context_length_exceeded',
    'stop',
    /Shorten/,
  ],
  [
    '401 The API Key appears to be invalid or may have expired. Please verify your credentials and try again.',
    401,
    'upstream_auth',
    'stop',
    /sk-kimi-/,
  ],
  [
    "402 We're unable to verify your membership benefits at this time. Please ensure your membership is active.",
    429,
    'quota_exhausted',
    'stop',
    /membership/,
  ],
  [
    '403 access_terminated_error Kimi For Coding is currently only available for Coding Agents such as Kimi CLI, Claude Code, Roo Code, Kilo Code, etc.',
    403,
    'client_refused',
    'stop',
    /Anthropic|anthropic/,
  ],
  [
    '403 access_terminated_error Access terminated. Review our Community Guidelines for more information.',
    403,
    'account_terminated',
    'stop',
    /vendor/,
  ],
  [
    "403 You've reached your usage limit for this billing cycle. Your quota will be refreshed in the next cycle.",
    429,
    'quota_exhausted',
    'stop',
    /Wait until the quota/,
  ],
  [
    "403 permission_error You've reached your concurrent request limit. Please wait for your ongoing requests to finish and try again.",
    429,
    'concurrency_limited',
    'again',
  ],
  ['403 Your current subscription does not have access to k3', 404, 'upstream_model_not_found', 'stop'],
  ['403 Your current plan supports only kimi-k3 up to 256K context', 404, 'upstream_model_not_found', 'stop'],
  ['400 Your model id does not exist', 404, 'upstream_model_not_found', 'stop'],
  ['404 resource_not_found_error Not found the model k9 or Permission denied', 404, 'upstream_model_not_found', 'stop'],
  ['429 engine_overloaded_error The engine is currently overloaded, please try again later', 429, 'overloaded', 'wait'],
  ['429 rate_limit_error The engine is currently overloaded, please try again later', 429, 'overloaded', 'wait'],
  [
    "429 rate_limit_reached_error We're receiving too many requests at the moment. Please wait a moment and try again.",
    429,
    'rate_limited',
    'wait',
  ],
  [
    "429 You've reached your usage limit for this period. Your quota will be refreshed in the next period. Upgrade to get more.",
    429,
    'quota_exhausted',
    'stop',
    /Wait until the quota/,
  ],
  ["429 You've reached kimi monthly usage limit for this billing cycle.", 429, 'quota_exhausted', 'stop', /quota/],
  ['500 server_error oops', 500, 'upstream_error', 'again'],
];

const onPlatform = () => startRig({ config: { retries } });
const onCode = () =>
  startRig({
    simulator: {
      accounts: [
        { keys: CN_KEY, host: 'cn' },
        { keys: CODE_KEY, host: 'code' },
      ],
    },
    config: ({ codeBaseUrl }) => ({
      retries,
      surfaces: { 'kimi-code': { base_url: codeBaseUrl, face: 'openai', credentials: [{ key: CODE_KEY }] } },
    }),
    secrets: [CODE_KEY],
  });

test.each([
  ...PLATFORM.map((row) => ({ where: 'platform', start: onPlatform, model: 'kimi-k2.6', row })),
  ...CODE.map((row) => ({ where: 'Kimi Code', start: onCode, model: 'k3', row })),
])('$where: $row.0', async ({ start, model, row: [said, status, code, advice, hint] }) => {
  await using rig: Rig = await start();
  const body = { model, messages: [{ role: 'user', content: `sim: status ${said}` }] };
  const response = await rig.chat(body, { headers: { 'user-agent': 'kimi-code-cli/2.1.0' } });
  const { error } = (await response.json()) as { error: { code: string; message: string; hint?: string } };
  expect([response.status, error.code]).toEqual([status, code]);
  // The surface's own words, without its status and type.
  expect(error.message).toContain(said.replace(/^\d+ (?:[a-z]+(?:_[a-z]+)+ )?/, ''));
  if (hint) expect(error.hint).toMatch(hint);
  // Clients try a 429 again by themselves, and nothing else below 500.
  expect(response.headers.get('x-should-retry')).toBe(advice === 'stop' && status === 429 ? 'false' : null);
  if (advice === 'wait') expect(response.headers.get('retry-after')).toBe('1');
});
