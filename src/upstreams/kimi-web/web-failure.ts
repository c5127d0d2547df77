import type { IncomingHttpHeaders } from 'node:http';
import { findRefusal } from '../../atlas/index.ts';
import { GatewayError } from '../../errors.ts';
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

/** A server that quotes a token must not give it away. */
const TOKEN = /\beyJ[\w-]+\.[\w.-]+/g;

/** A failure told by the server; `status` is the HTTP status, 200 for one inside a stream. */
export function toGatewayError(
  surface: string,
  { reason, code, message }: WebFailure,
  { status, headers = {} }: { readonly status: number; readonly headers?: IncomingHttpHeaders },
): GatewayError {
  // The words are for the reader: no row of the web is found by them.
  const row = findRefusal({ place: 'web', type: reason, code, ...(status === 200 ? {} : { status }) });
  const wait = row?.waitMs === undefined ? undefined : (retryAfterMs(headers) ?? row.waitMs);
  return new GatewayError(row?.means ?? 'upstream_error', {
    surface,
    message: message?.replace(TOKEN, '<token>') ?? `The web chat refused: ${reason ?? code ?? `HTTP ${status}`}.`,
    ...(row?.advice === undefined ? {} : { hint: row.advice.en }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(row === undefined ? {} : { refusal: row.id }),
    extra: { upstream: { status, type: reason ?? null, code: code ?? null } },
  });
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
