import type { IncomingHttpHeaders } from 'node:http';
import { type ErrorCode, type ErrorDetails, GatewayError } from '../../errors.ts';
import { retryAfterMs } from '../explain-refusal.ts';
import { textAt, valueAt } from './wire-value.ts';

/** What a server said of a failure: identifiers to classify by, and a sentence for the reader. */
export interface WebFailure {
  /** `error_type` (classic), or the reason in a Connect error's details. */
  readonly reason?: string | undefined;
  /** The Connect code. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/**
 * By identifier, never by words: a gateway that searched frames for "unauthenticated" refused good streams whose prompt said it.
 * Sources: meutils' event samples (2024), LLM-Red-Team/kimi-free-api, a client for www.kimi.ai (2026), tests of `block.exception`.
 */
const BY_REASON: Readonly<Record<string, ErrorCode>> = {
  'auth.token.invalid': 'upstream_auth',
  'auth.token.empty': 'upstream_auth',
  'auth.account_abnormal': 'upstream_permission',
  'chat.forbidden': 'upstream_permission',
  'chat.user_stream_pushing': 'rate_limited',
  'openai.completion.stream': 'overloaded',
  'openai.completion.token_length_too_long': 'context_length_exceeded',
  REASON_INVALID_AUTH_TOKEN: 'upstream_auth',
  REASON_COMPLETION_OVERLOADED: 'overloaded',
  MODEL_RATE_LIMIT: 'rate_limited',
  REASON_MODEL_RATE_LIMIT: 'rate_limited',
};

/** Families of reasons whose exact names no source shows; still the identifier, not the sentence. */
const BY_FAMILY: readonly (readonly [RegExp, ErrorCode])[] = [
  [/content_?filter|sensitive|compliance/i, 'content_filter'],
  [/token_length_too_long|context_length/i, 'context_length_exceeded'],
  [/chat[._]not_found|chat[._]not_exist/i, 'not_found'],
  [/account_abnormal|account_banned|chat[._]forbidden/i, 'upstream_permission'],
  [/user_stream_pushing|rate_limit/i, 'rate_limited'],
  [/overloaded/i, 'overloaded'],
  [/^(reason_)?invalid_argument$/i, 'upstream_refused'],
];

/** Codes of the Connect protocol (npm `@connectrpc/connect` 2.2.0). */
const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  invalid_argument: 'upstream_refused',
  failed_precondition: 'upstream_refused',
  out_of_range: 'upstream_refused',
  unauthenticated: 'upstream_auth',
  permission_denied: 'upstream_permission',
  not_found: 'not_found',
  aborted: 'rate_limited',
  already_exists: 'rate_limited',
  resource_exhausted: 'rate_limited',
  unavailable: 'overloaded',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'upstream_refused',
  401: 'upstream_auth',
  403: 'upstream_permission',
  404: 'not_found',
  413: 'upstream_too_large',
  422: 'upstream_refused',
  429: 'rate_limited',
};

const HINTS: Partial<Record<ErrorCode, string>> = {
  upstream_auth: 'Log in at the web chat again and copy the token anew (docs/kimi-web.md).',
  upstream_permission: 'Open the web chat in a browser and look what it says about the account.',
  context_length_exceeded: 'Begin a new conversation, or shorten the messages.',
  not_found: 'The chat was deleted, or belongs to another account. Begin a new conversation.',
};

/** No Retry-After was seen on the web; a well-kept client rests for this long (chopper1026/kimi2api). */
const REST_MS = 60_000;
/** Another turn of the same chat is being answered; the wait of LLM-Red-Team/kimi-free-api. */
const OVERLAP_MS = 5_000;

/** A failure told by the server; `status` is the HTTP status, 200 for one inside a stream. */
export function toGatewayError(
  surface: string,
  failure: WebFailure,
  { status, headers = {} }: { readonly status: number; readonly headers?: IncomingHttpHeaders },
): GatewayError {
  const code = classify(failure, status);
  const hint = HINTS[code];
  const wait = waitFor(code, failure, headers);
  const details: ErrorDetails = {
    surface,
    message: failure.message ?? `The web chat refused: ${failure.reason ?? failure.code ?? `HTTP ${status}`}.`,
    ...(hint === undefined ? {} : { hint }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    extra: { upstream: { status, type: failure.reason ?? null, code: failure.code ?? null } },
  };
  return new GatewayError(code, details);
}

function classify({ reason, code }: WebFailure, status: number): ErrorCode {
  if (reason !== undefined) {
    const known = Object.hasOwn(BY_REASON, reason) ? BY_REASON[reason] : undefined;
    const family = BY_FAMILY.find(([pattern]) => pattern.test(reason))?.[1];
    if (known ?? family) return known ?? family ?? 'upstream_error';
  }
  const byCode = code !== undefined && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return byCode ?? BY_STATUS[status] ?? 'upstream_error';
}

function waitFor(code: ErrorCode, { reason, code: connect }: WebFailure, headers: IncomingHttpHeaders) {
  if (code !== 'rate_limited') return undefined;
  const isOverlap = reason?.toLowerCase().includes('user_stream_pushing') === true || connect === 'aborted';
  return retryAfterMs(headers) ?? (isOverlap ? OVERLAP_MS : REST_MS);
}

/** `{error_type, message}`, at the top or inside `error`. */
export function classicFailure(value: unknown): WebFailure | undefined {
  const inner = valueAt(value, 'error');
  const said = typeof inner === 'object' && inner !== null ? inner : value;
  const reason = textAt(said, 'error_type') ?? textAt(value, 'error_type');
  const message = textAt(said, 'message') ?? textAt(value, 'message') ?? textAt(value, 'error');
  return reason === undefined && message === undefined ? undefined : { reason, message };
}

/** `{code, message, details: [{debug: {reason, localizedMessage}}]}`, as a unary body or inside an end-of-stream frame. */
export function connectFailure(error: unknown): WebFailure | undefined {
  const code = textAt(error, 'code');
  if (code === undefined) return undefined;
  const debug = valueAt(error, 'details', 0, 'debug');
  const message = textAt(debug, 'localizedMessage', 'message') ?? textAt(error, 'message');
  return { code, reason: textAt(debug, 'reason'), message };
}

/** `block.exception.error`. */
export function exceptionFailure(error: unknown): WebFailure {
  return { reason: textAt(error, 'reason'), message: textAt(error, 'localizedMessage', 'message') };
}
