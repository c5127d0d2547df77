/**
 * Every way in which the gateway can fail, as one table. The code decides the HTTP status, the OpenAI error type,
 * whether another try can help, and the advice. Nobody parses a message twice.
 */

/** What a failure says about trying again: never, the same request elsewhere, or after a pause anywhere. */
export type Retry = 'never' | 'elsewhere' | 'anywhere';

export interface ErrorRow {
  readonly status: number;
  /** The `type` member of an OpenAI error object. */
  readonly type: string;
  readonly retry: Retry;
  /** The sentence used when the cause brought none of its own. */
  readonly message: string;
  /** What the reader can do about it; sent as `hint`. */
  readonly hint?: string;
}

const row = (status: number, type: string, retry: Retry, message: string, hint?: string): ErrorRow =>
  hint === undefined ? { status, type, retry, message } : { status, type, retry, message, hint };

export const ERRORS = {
  // What the caller sent.
  invalid_json: row(400, 'invalid_request_error', 'never', 'The request body is not valid JSON.'),
  invalid_request: row(400, 'invalid_request_error', 'never', 'The request is not valid.'),
  strict_repairs: row(
    400,
    'invalid_request_error',
    'never',
    'Strict mode: the request would have needed repairs.',
    'Apply the listed repairs yourself, or leave out `x-moongate-strict`.',
  ),
  context_length_exceeded: row(
    400,
    'invalid_request_error',
    'never',
    'The request does not fit into the context window of the model.',
    'Shorten the messages, lower `max_completion_tokens`, or choose a model with a larger window (`moongate models`).',
  ),
  content_filter: row(
    400,
    'invalid_request_error',
    'never',
    'The content filter of the surface refused the request.',
    'Every credential of this surface would be refused alike; rephrase the request.',
  ),
  search_unavailable: row(400, 'invalid_request_error', 'never', 'Nobody who serves this model can search the web.'),
  invalid_api_key: row(
    401,
    'invalid_request_error',
    'never',
    'This gateway needs one of its keys.',
    'Send it as `Authorization: Bearer …` or `x-api-key`. The keys are listed under `keys` in moongate.yaml.',
  ),
  origin_refused: row(
    403,
    'invalid_request_error',
    'never',
    'Web pages of this origin may not use this gateway.',
    'Add the origin to `allowed_origins` in moongate.yaml if the page is yours.',
  ),
  host_refused: row(
    403,
    'invalid_request_error',
    'never',
    'The Host header does not name this gateway.',
    'Call it by its own address, or add the name to `allowed_hosts` in moongate.yaml.',
  ),
  previous_response_not_found: row(400, 'invalid_request_error', 'never', 'The response to continue is not kept.'),
  background_full: row(429, 'rate_limit_error', 'never', 'Too many responses run in the background.'),
  not_found: row(404, 'invalid_request_error', 'never', 'There is nothing at this path.'),
  not_offered: row(404, 'invalid_request_error', 'never', 'Kimi has nothing for this path.'),
  resource_not_found: row(404, 'invalid_request_error', 'never', 'There is no such file or batch.'),
  no_files: row(400, 'invalid_request_error', 'never', 'Files and batches need a key of the open platform.'),
  unknown_model: row(404, 'invalid_request_error', 'never', 'The model does not exist.', 'GET /v1/models lists them.'),
  method_not_allowed: row(405, 'invalid_request_error', 'never', 'This path does not take that method.'),
  body_timeout: row(408, 'invalid_request_error', 'never', 'The request body did not arrive in time.'),
  request_too_large: row(
    413,
    'invalid_request_error',
    'never',
    'The request body is too large.',
    'Shorten it, or raise `limits.body_bytes` in moongate.yaml.',
  ),
  unsupported_content_type: row(
    415,
    'invalid_request_error',
    'never',
    'The request body must be JSON.',
    'Send it with `content-type: application/json`.',
  ),
  client_closed: row(499, 'invalid_request_error', 'never', 'The client left before the answer was complete.'),

  // What the surface answered.
  upstream_refused: row(400, 'invalid_request_error', 'never', 'The surface refused the request.'),
  upstream_redirect: row(
    502,
    'upstream_error',
    'elsewhere',
    'The surface answered with a redirect, which is not followed: a credential never goes to another host.',
    'Set the `base_url` of the surface to the address that it redirects to, if you trust it.',
  ),
  upstream_auth: row(
    401,
    'authentication_error',
    'elsewhere',
    'The surface did not accept the credential.',
    'Check the key: platform.kimi.com issues keys for moonshot-cn, platform.kimi.ai for moonshot-ai; they are not interchangeable.',
  ),
  upstream_permission: row(403, 'permission_error', 'elsewhere', 'The credential may not do this on the surface.'),
  client_refused: row(
    403,
    'permission_error',
    'elsewhere',
    'The surface does not let this client in.',
    'The OpenAI face of Kimi Code admits only coding agents that the vendor knows. Set `face: anthropic` for the surface: that face needs no approval (`face: auto` takes it by itself). Or call with an agent that the vendor lists; or set `user_agent_version`, whose risk the documentation states.',
  ),
  account_terminated: row(
    403,
    'permission_error',
    'elsewhere',
    'The vendor has closed the account behind the credential.',
    'Only the vendor can open it again. Take the credential out of moongate.yaml.',
  ),
  concurrency_limited: row(
    429,
    'rate_limit_error',
    'anywhere',
    'The account behind the credential has too many requests under way.',
  ),
  upstream_model_not_found: row(
    404,
    'invalid_request_error',
    'elsewhere',
    'The surface does not serve this model to this credential.',
    'GET /v1/models lists what the configured credentials can use.',
  ),
  upstream_too_large: row(413, 'invalid_request_error', 'never', 'The surface refused the request as too large.'),
  quota_exhausted: row(
    429,
    'insufficient_quota',
    'elsewhere',
    'The account behind the credential has no quota left.',
    'Top the account up, or add a credential of another account.',
  ),
  rate_limited: row(429, 'rate_limit_error', 'anywhere', 'The account behind the credential is at its rate limit.'),
  overloaded: row(429, 'overloaded_error', 'anywhere', 'The engine of the surface is overloaded.'),
  upstream_error: row(502, 'upstream_error', 'anywhere', 'The surface failed.'),
  upstream_unreachable: row(
    502,
    'upstream_error',
    'anywhere',
    'The surface could not be reached.',
    'Check the network, and the base address under `surfaces` in moongate.yaml.',
  ),
  upstream_garbled: row(502, 'upstream_error', 'anywhere', 'The surface sent an answer that could not be understood.'),
  upstream_too_long: row(502, 'upstream_error', 'never', 'The answer of the surface is larger than the limit.'),
  stream_cut: row(502, 'upstream_error', 'anywhere', 'The stream of the surface stopped before its end.'),
  first_byte_timeout: row(504, 'timeout_error', 'anywhere', 'The surface did not begin to answer in time.'),
  idle_timeout: row(504, 'timeout_error', 'anywhere', 'The surface stopped sending in the middle of its answer.'),
  total_timeout: row(504, 'timeout_error', 'never', 'The answer took longer than the configured total time.'),

  // What the gateway itself lacks.
  internal: row(500, 'server_error', 'never', 'The gateway failed. Its log has the details under the request id.'),
  no_credentials: row(503, 'configuration_error', 'never', 'The gateway has no credential for this model.'),
  all_resting: row(503, 'overloaded_error', 'never', 'Every credential that could serve this request is resting.'),
  storage_unavailable: row(
    503,
    'server_error',
    'never',
    'The database of the gateway cannot be reached.',
    'What needs no database still works. Its log says why; the gateway finds the database again by itself.',
  ),
  storage_unusable: row(
    503,
    'configuration_error',
    'never',
    'The database of the gateway cannot be used.',
    'Put a backup in its place (`moongate backup` makes them), or move it away to begin with an empty one.',
  ),
  stopping: row(503, 'server_error', 'never', 'The gateway is stopping.'),
  config_invalid: row(500, 'configuration_error', 'never', 'The configuration is not valid.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetails {
  /** The sentence for the reader; the surface's own words where it sent some. */
  readonly message?: string;
  /** Overrides the status of the row, e.g. with the surface's own. */
  readonly status?: number;
  readonly hint?: string;
  /** The request member at fault, in OpenAI's `param` notation. */
  readonly param?: string;
  /** Which surface said it. */
  readonly surface?: string;
  /** How long to wait before the next try, milliseconds. */
  readonly retryAfterMs?: number;
  /** Further members for the error object, e.g. the list of repairs in strict mode. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class. Anything else that is thrown becomes `internal` at the edge. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** Milliseconds that surfaces and free places were waited for until then. */
  waitedMs = 0;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.message ?? ERRORS[code].message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.details = details;
  }

  get row(): ErrorRow {
    return ERRORS[this.code];
  }

  get status(): number {
    return this.details.status ?? this.row.status;
  }

  get hint(): string | undefined {
    return this.details.hint ?? this.row.hint;
  }

  static from(thrown: unknown): GatewayError {
    return thrown instanceof GatewayError ? thrown : new GatewayError('internal', { cause: thrown });
  }
}

/** OpenAI's error object, with our `hint` beside its members (unknown members are ignored by its clients). */
export function toErrorBody(error: GatewayError): { error: Record<string, unknown> } {
  const { param, surface, extra } = error.details;
  return {
    error: {
      message: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
      type: error.row.type,
      param: param ?? null,
      code: error.code,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(surface === undefined ? {} : { surface }),
      ...extra,
    },
  };
}
