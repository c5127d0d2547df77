import type { IncomingHttpHeaders } from 'node:http';
import type { SecretLike } from '../credential.ts';
import { type ErrorCode, GatewayError } from '../errors.ts';

/** What a surface says in an error body, as far as it has the usual shape. */
interface Said {
  readonly message?: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

/** The `type` of the error decides where there is one: platform docs, errors page; Kimi Code error reference. */
const BY_TYPE: Readonly<Record<string, ErrorCode>> = {
  content_filter: 'content_filter',
  invalid_authentication_error: 'upstream_auth',
  incorrect_api_key_error: 'upstream_auth',
  permission_denied_error: 'upstream_permission',
  access_terminated_error: 'upstream_permission',
  resource_not_found_error: 'upstream_model_not_found',
  engine_overloaded_error: 'overloaded',
  rate_limit_reached_error: 'rate_limited',
  exceeded_current_quota_error: 'quota_exhausted',
  insufficient_quota: 'quota_exhausted',
  server_error: 'upstream_error',
  server_unavailable: 'upstream_error',
  unexpected_output: 'upstream_error',
  // The words of Anthropic's shape: https://docs.claude.com/en/api/errors.
  authentication_error: 'upstream_auth',
  billing_error: 'quota_exhausted',
  permission_error: 'upstream_permission',
  not_found_error: 'upstream_model_not_found',
  request_too_large: 'upstream_too_large',
  rate_limit_error: 'rate_limited',
  overloaded_error: 'overloaded',
  api_error: 'upstream_error',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'upstream_refused',
  401: 'upstream_auth',
  402: 'quota_exhausted',
  403: 'upstream_permission',
  404: 'upstream_model_not_found',
  413: 'upstream_too_large',
  422: 'upstream_refused',
  429: 'rate_limited',
  529: 'overloaded',
};

/** Sentences that the platform really sends for a prompt that does not fit (platform docs, errors page). */
const CONTEXT_LENGTH = [
  /^Your request exceeded model token limit: \d+/,
  /^Input token length too long/,
  /maximum context length/i,
];

/** A sentence that says more than status and type, within exactly that status. */
interface Sentence {
  readonly status: number;
  readonly says: RegExp;
  readonly code: ErrorCode;
}

/**
 * Kimi Code gives one status several meanings, most of them without a type. All sentences: its error reference,
 * www.kimi.com/code/docs/en/kimi-code/error-reference.html.
 */
const KIMI_CODE: readonly Sentence[] = [
  // "Kimi For Coding is currently only available for Coding Agents such as Kimi CLI, Claude Code, Roo Code, Kilo Code, etc."
  { status: 403, says: /^Kimi For Coding is currently only available for Coding Agents/, code: 'client_refused' },
  // "Access terminated. Review our Community Guidelines …"
  { status: 403, says: /^Access terminated\b/, code: 'account_terminated' },
  // "You've reached your concurrent request limit. Please wait for your ongoing requests to finish and try again."
  { status: 403, says: /^You've reached your concurrent request limit/, code: 'concurrency_limited' },
  // "You've reached your usage limit for this billing cycle. Your quota will be refreshed in the next cycle."
  { status: 403, says: /^You've reached your usage limit for this billing cycle/, code: 'quota_exhausted' },
  // "Your current subscription does not have access to k3", "Your current plan supports only kimi-k3 up to 256K context"
  {
    status: 403,
    says: /^Your current (subscription does not have access to|plan supports only) /,
    code: 'upstream_model_not_found',
  },
  {
    status: 400,
    says: /^Your current (subscription does not have access to|plan supports only) /,
    code: 'upstream_model_not_found',
  },
  // "Your model id does not exist"
  { status: 400, says: /^Your model id does not exist/, code: 'upstream_model_not_found' },
  // "total message size 5943865 exceeds limit 2097152"
  { status: 400, says: /^total message size \d+ exceeds limit \d+/, code: 'upstream_too_large' },
  // "You've reached your usage limit for this period. Your quota will be refreshed in the next period. …"
  { status: 429, says: /^You've reached your usage limit for this period/, code: 'quota_exhausted' },
  // "You've reached kimi monthly usage limit for this billing cycle…"
  { status: 429, says: /^You've reached kimi monthly usage limit/, code: 'quota_exhausted' },
  // "The engine is currently overloaded, please try again later", which comes there as rate_limit_error too
  { status: 429, says: /^The engine is currently overloaded/, code: 'overloaded' },
];

/** The error that a refusal means: by structure first, by the narrow wording of a known sentence last. */
export function explainRefusal(
  surface: string,
  status: number,
  headers: IncomingHttpHeaders,
  body: Buffer,
  secret: SecretLike,
): GatewayError {
  const said = readBody(body, secret);
  const code = classify(status, said);
  const wait = retryAfterMs(headers, said.message);
  return new GatewayError(code, {
    surface,
    message: said.message ?? plainText(body, secret) ?? `The surface answered ${status}.`,
    ...(status >= 500 && status < 600 ? { status } : {}),
    ...(said.param === undefined ? {} : { param: said.param }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    extra: { upstream: { status, type: said.type ?? null, code: said.code ?? null } },
  });
}

/** The error that an error object inside a stream means. */
export function explainInStream(surface: string, error: unknown, secret: SecretLike): GatewayError {
  const said = readObject(error, secret);
  const status = Number(said.code) || 500;
  const known = said.type === undefined ? undefined : BY_TYPE[said.type];
  return new GatewayError(known ?? BY_STATUS[status] ?? 'upstream_error', {
    surface,
    message: said.message ?? 'The surface sent an error in the middle of its answer.',
    extra: { upstream: { status: 200, type: said.type ?? null, code: said.code ?? null } },
  });
}

function classify(status: number, said: Said): ErrorCode {
  // A good status that is not the one of an answer: 204 and its kin.
  if (status < 300) return 'upstream_garbled';
  const { message = '' } = said;
  const known = KIMI_CODE.find((sentence) => sentence.status === status && sentence.says.test(message));
  if (known) return known.code;
  const byType = said.type === undefined ? undefined : BY_TYPE[said.type];
  if (byType) return byType;
  if (status === 400 && CONTEXT_LENGTH.some((sentence) => sentence.test(said.message ?? ''))) {
    return 'context_length_exceeded';
  }
  return BY_STATUS[status] ?? (status >= 500 ? 'upstream_error' : 'upstream_refused');
}

/** Vendors quote the key that they refuse, and what they say goes to the client and into the log. */
function withoutSecret(text: string, secret: SecretLike): string {
  return text.replaceAll(secret.reveal(), `${secret}`);
}

function readBody(body: Buffer, secret: SecretLike): Said {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null) return {};
    return readObject('error' in parsed ? parsed.error : parsed, secret);
  } catch {
    return {};
  }
}

function readObject(error: unknown, secret: SecretLike): Said {
  if (typeof error === 'string') return { message: withoutSecret(error, secret) };
  if (typeof error !== 'object' || error === null) return {};
  const found: Record<string, string> = {};
  for (const member of ['message', 'type', 'code', 'param'] as const) {
    const value: unknown = member in error ? (error as Record<string, unknown>)[member] : undefined;
    if (typeof value === 'string' || typeof value === 'number') found[member] = withoutSecret(String(value), secret);
  }
  return found;
}

/** Proxies and load balancers answer in HTML or plain text; a page is not a sentence for the reader. */
function plainText(body: Buffer, secret: SecretLike): string | undefined {
  // First the secret, then the cut, which would leave half of it.
  const text = withoutSecret(body.toString('utf8'), secret).slice(0, 500).trim();
  return text === '' || text.startsWith('<') || text.startsWith('{') ? undefined : text;
}

/** Seconds or a date in `retry-after`, the vendor's `x-retry-after`, or "try again after 1 seconds" in the sentence. */
export function retryAfterMs(headers: IncomingHttpHeaders, message = '', now = Date.now()): number | undefined {
  const header = headers['retry-after'] ?? headers['x-retry-after'];
  const value = Array.isArray(header) ? header[0] : header;
  if (value !== undefined) {
    const seconds = Number(value);
    if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
    const date = Date.parse(value);
    if (!Number.isNaN(date)) return Math.max(0, date - now);
  }
  const inWords = /try again after (\d+(?:\.\d+)?) seconds?/.exec(message);
  return inWords ? Number(inWords[1]) * 1000 : undefined;
}
