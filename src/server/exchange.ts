import type { GatewayError } from '../errors.ts';
import type { CallFacts } from '../ledger/call-facts.ts';
import type { Signal } from '../signal.ts';
import type { RouteContext } from './route.ts';

/**
 * A request and its answer as the routes see them, whether they came over a socket or through `gateway.fetch`.
 * Plainer than the web's Request and Response, whose construction alone costs more than the rest of a small request.
 */
export interface Inbound {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  header(name: string): string | undefined;
  /** The whole body. Throws request_too_large, body_timeout, client_closed. */
  body(limit: number): Promise<Buffer>;
  /**
   * The body piece by piece, as fast as it is read; instead of `body`. Throws request_too_large, body_timeout,
   * client_closed.
   */
  stream(limit: number): AsyncIterable<Buffer>;
  /** A buffer for the time of the request; it may be used for another one afterwards. */
  allocate(size: number): Buffer;
  /** Aborted when the client leaves. */
  readonly signal: Signal;
  /** Address of the peer; undefined when there is no socket. */
  readonly peer: string | undefined;
  readonly requestId: string;
  /** `clock.ticks()` when the request arrived. */
  readonly arrivedAt: number;
}

/** In a library there is no peer. */
export const IN_PROCESS = 'in process';

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** A stream throws nothing: its failures are told inside. */
  readonly body: Buffer | AsyncIterable<Buffer> | undefined;
  /** Sent while a stream has nothing to say, so that nobody on the way takes it for dead. */
  readonly keepAlive?: { readonly everyMs: number; readonly bytes: Buffer };
  /** What the log line of the request tells besides; read when the answer has ended. */
  readonly log?: () => CallFacts;
  /** For the log and for metrics. */
  readonly error?: GatewayError;
  /** Whose request it was and what for, set when the answer leaves the routes; for the ledger. */
  context?: RouteContext;
}

/** What the gateway itself cost until the answer began, milliseconds; waiting for surfaces is not counted. */
export const OVERHEAD_HEADER = 'x-moongate-overhead-ms';

export function overheadText(ms: number): string {
  return Math.max(0, ms).toFixed(2);
}

/** Every SDK and agent that speaks Messages names the version of the protocol. */
export function isAnthropicClient(inbound: Inbound): boolean {
  return inbound.header('anthropic-version') !== undefined;
}

export function jsonReply(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body,
  };
}

/**
 * Ends a body that nobody will read. It is begun first: a generator that was never begun runs none of its clean-up, and
 * what it was to read would be held for ever.
 */
export async function abandon(body: Reply['body']): Promise<void> {
  if (body === undefined || Buffer.isBuffer(body)) return;
  for await (const _ of body) return;
}
