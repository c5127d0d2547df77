import { given } from '../json-object.ts';
import type { MessagesEvent } from './messages.ts';

/** What the codec needs of an error: `GatewayError` has these members. */
export interface ErrorLike {
  readonly status: number;
  readonly message: string;
  readonly code?: string;
  readonly hint?: string | undefined;
  readonly details?: { readonly extra?: Readonly<Record<string, unknown>> };
}

export interface AnthropicError extends MessagesEvent {
  readonly type: 'error';
  readonly error: {
    readonly type: string;
    readonly message: string;
    readonly code?: string;
    /** What clients act upon, by its `error_code`. */
    readonly details?: unknown;
  };
}

/** https://docs.claude.com/en/api/errors: one type a status. */
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** Anthropic says overload with a status of its own, which its clients wait for. */
const OVERLOADED = new Set(['overloaded', 'all_resting']);

export function anthropicStatus({ status, code }: ErrorLike): number {
  return code !== undefined && OVERLOADED.has(code) ? 529 : status;
}

/** The body of a refusal, and the event in a stream that broke. */
export function toAnthropicError(error: ErrorLike): AnthropicError {
  const { message, code, hint } = error;
  const status = anthropicStatus(error);
  const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return {
    type: 'error',
    error: {
      type,
      message: hint === undefined ? message : `${message} ${hint}`,
      ...(code === undefined ? {} : { code }),
      ...given('details', error.details?.extra?.['details']),
    },
  };
}

/** Keeps a connection open; clients ignore it. */
export const PING: MessagesEvent = { type: 'ping' };
