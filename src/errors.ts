import { CONVERSATION_ERRORS } from './conversation-errors.ts';
import { type ErrorRow, row } from './error-row.ts';
import { SURFACE_ERRORS } from './surface-errors.ts';

/**
 * Every way in which the gateway can fail, as one table. The code decides the HTTP status, the OpenAI error type,
 * whether another try can help, and the advice. Nobody parses a message twice.
 */

export type { ErrorRow, Retry } from './error-row.ts';

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
  admin_key_needed: row(
    401,
    'invalid_request_error',
    'never',
    'This path needs the admin key.',
    'Send `admin_key` of moongate.yaml (MOONGATE_ADMIN_KEY) as `Authorization: Bearer …` or `x-admin-key`. From this machine none is needed while the gateway listens on loopback and has no inbound keys.',
  ),
  admin_off: row(
    403,
    'invalid_request_error',
    'never',
    'There is no admin key, so this path is closed.',
    'Set `admin_key` in moongate.yaml, or MOONGATE_ADMIN_KEY.',
  ),
  admin_locked: row(
    429,
    'rate_limit_error',
    'never',
    'Too many wrong admin keys came from this address.',
    'Wait as long as Retry-After says; the right key is refused until then, too.',
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
  key_expired: row(
    401,
    'invalid_request_error',
    'never',
    'This key has expired.',
    'Whoever runs the gateway can issue another one (`moongate keys create`).',
  ),
  key_revoked: row(
    401,
    'invalid_request_error',
    'never',
    'This key has been revoked.',
    'Whoever runs the gateway can issue another one (`moongate keys create`).',
  ),
  key_locked: row(
    429,
    'rate_limit_error',
    'never',
    'Too many wrong keys came from this address.',
    'Keys that are right are not affected. Wait as long as Retry-After says before another guess.',
  ),
  model_not_allowed: row(
    403,
    'permission_error',
    'never',
    'This key may not use the model.',
    'GET /v1/models lists what it may use.',
  ),
  key_rate_limited: row(429, 'rate_limit_error', 'anywhere', 'This key is at its rate limit.'),
  key_busy: row(429, 'rate_limit_error', 'anywhere', 'This key has too many requests under way.'),
  budget_exhausted: row(429, 'insufficient_quota', 'never', 'The budget of this key does not allow the call.'),
  not_found: row(404, 'invalid_request_error', 'never', 'There is nothing at this path.'),
  not_offered: row(404, 'invalid_request_error', 'never', 'Kimi has nothing for this path.'),
  resource_not_found: row(404, 'invalid_request_error', 'never', 'There is no such file or batch.'),
  no_files: row(400, 'invalid_request_error', 'never', 'Files and batches need a key of the open platform.'),
  unknown_model: row(404, 'invalid_request_error', 'never', 'The model does not exist.', 'GET /v1/models lists them.'),
  method_not_allowed: row(405, 'invalid_request_error', 'never', 'This path does not take that method.'),
  body_timeout: row(408, 'invalid_request_error', 'never', 'The request body did not arrive in time.'),
  ...CONVERSATION_ERRORS,
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

  ...SURFACE_ERRORS,

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
  /** The row of the atlas that recognised what the surface said. */
  readonly refusal?: string;
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
