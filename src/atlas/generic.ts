import type { Refusal, Words } from './refusal.ts';

const API = ['platform', 'coding', 'compatible'] as const;
/** https://docs.claude.com/en/api/errors, whose words the Anthropic faces use for some refusals and not for others. */
const ANTHROPIC = 'docs.claude.com/en/api/errors';
const STATUS = 'RFC 9110; the sentence is new';

type Meaning = Pick<Refusal, 'means' | 'blame' | 'action'> & { readonly cause: Words };

const AUTH: Meaning = {
  means: 'upstream_auth',
  blame: 'account',
  action: 'prove',
  cause: { en: 'the credential was not accepted', zh: '凭据不被接受' },
};
const PERMISSION: Meaning = {
  means: 'upstream_permission',
  blame: 'account',
  action: 'look_again',
  cause: { en: 'the credential may not do this', zh: '凭据无此权限' },
};
const NO_MODEL: Meaning = {
  means: 'upstream_model_not_found',
  blame: 'account',
  action: 'other_model',
  cause: { en: 'the surface does not serve this model to this credential', zh: '该接入面不向此凭据提供该模型' },
};
const QUOTA: Meaning = {
  means: 'quota_exhausted',
  blame: 'organisation',
  action: 'await_quota',
  cause: { en: 'the account has no quota or no money left', zh: '账号额度或余额已用完' },
};
const RATE: Meaning = {
  means: 'rate_limited',
  blame: 'organisation',
  action: 'slow_down',
  cause: { en: 'too many requests', zh: '请求过多' },
};
const OVERLOAD: Meaning = {
  means: 'overloaded',
  blame: 'engine',
  action: 'try_again',
  cause: { en: 'the engine has no room', zh: '引擎过载' },
};
const FAILURE: Meaning = {
  means: 'upstream_error',
  blame: 'engine',
  action: 'try_again',
  cause: { en: 'the surface failed', zh: '接入面故障' },
};
const REFUSED: Meaning = {
  means: 'upstream_refused',
  blame: 'request',
  action: 'repair',
  cause: { en: 'something in the request was not taken', zh: '请求中有不被接受的内容' },
};
const TOO_LARGE: Meaning = {
  means: 'upstream_too_large',
  blame: 'request',
  action: 'other_surface',
  cause: { en: 'the body is larger than the surface takes', zh: '请求体超过该接入面的上限' },
};

const named = (type: string, status: number, observed: string, meaning: Meaning, source: string): Refusal => ({
  ...meaning,
  ...{ id: type.replaceAll('_', '-'), on: API, type, status: [status], observed: [observed], source },
});

/** Recognised by nothing but the status; what is said with it is captured. */
const guessed = (status: number, meaning: Meaning): Refusal => ({
  ...meaning,
  ...{ id: `status-${status}`, on: API, status: [status], observed: [], source: STATUS, guessed: true },
});

const failed = (status: number, observed: string): Refusal => ({
  ...FAILURE,
  ...{
    id: `status-${status}`,
    on: API,
    status: [status],
    observed: [observed],
    source: 'platform docs, errors page; proxies',
  },
});

/** What servers say in one vocabulary or another, and what a status means by itself. */
export const GENERIC: readonly Refusal[] = [
  named(
    'insufficient_quota',
    429,
    'You exceeded your current quota',
    QUOTA,
    'OpenAI’s word, which compatible servers use',
  ),
  named('server_error', 500, 'Internal server error', FAILURE, 'platform docs, errors page'),
  named('unexpected_output', 500, 'Unexpected output', FAILURE, 'platform docs, errors page'),
  named('server_unavailable', 503, 'The server is unavailable', FAILURE, 'platform docs, errors page'),
  named('client_closed_request', 499, 'client closed request', FAILURE, 'platform docs, errors page'),
  named('authentication_error', 401, 'invalid x-api-key', AUTH, ANTHROPIC),
  named('billing_error', 402, 'Your credit balance is too low', QUOTA, ANTHROPIC),
  named('permission_error', 403, 'Your API key does not have permission', PERMISSION, ANTHROPIC),
  named(
    'access_terminated_error',
    403,
    'Access denied',
    PERMISSION,
    'Kimi Code error reference; a sentence that is not known',
  ),
  named('not_found_error', 404, 'model: kimi-k9', NO_MODEL, ANTHROPIC),
  named('request_too_large', 413, 'Request exceeds the maximum size', TOO_LARGE, ANTHROPIC),
  named('rate_limit_error', 429, 'This request would exceed your rate limit', RATE, ANTHROPIC),
  named('overloaded_error', 529, 'Overloaded', OVERLOAD, ANTHROPIC),
  named('api_error', 500, 'Internal server error', FAILURE, ANTHROPIC),
  guessed(400, REFUSED),
  // The subscription's own row knows its 401.
  { ...guessed(401, AUTH), on: ['platform', 'compatible'] },
  guessed(402, QUOTA),
  guessed(403, PERMISSION),
  guessed(404, NO_MODEL),
  guessed(422, REFUSED),
  guessed(429, RATE),
  guessed(529, OVERLOAD),
  failed(500, 'Internal Server Error'),
  failed(502, 'Bad Gateway'),
  failed(503, 'Service Unavailable'),
  failed(504, '<html>… 504 Gateway Time-out …'),
];
