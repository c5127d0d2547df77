import { GatewayError } from '../../errors.ts';
import { collect } from '../../stream/byte-source.ts';
import { VERSION } from '../../version.ts';
import type { Place } from '../adapter.ts';
import { callHttp, type HttpCall, type HttpReply } from '../http-call.ts';
import { requirePlain } from '../unpacked.ts';
import { classicFailure, connectFailure, toGatewayError } from './web-failure.ts';
import { parseObject } from './wire-value.ts';

/** The gateway's own name: no browser is imitated. Users of a surface may send further headers of their own. */
const USER_AGENT = `moongate/${VERSION}`;
const SMALL_BODY = 1024 * 1024;
/** An event or frame of this size is none (diegosouzapw/OmniRoute caps frames alike). */
export const EVENT_LIMIT = 8 * 1024 * 1024;

export interface WebRequest {
  readonly method: HttpCall['method'];
  /** Below the surface's own path. */
  readonly path: string;
  /** Undefined: without one, as for the renewal of tokens in the body. */
  readonly token: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another host than the surface's: where tokens are renewed. */
  readonly base?: string;
}

/** The address has no such protocol; another may be there. */
export class ProtocolAbsent extends Error {
  override readonly name = 'ProtocolAbsent';
  readonly refusal: GatewayError;

  constructor(refusal: GatewayError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Sends a request. Redirects are not followed, so that a token never reaches another host. */
export function sendWeb(place: Place, request: WebRequest): Promise<HttpReply> {
  const { surface, credential, clock, signal } = place;
  const base = request.base === undefined ? undefined : new URL(request.base);
  const prefix = base === undefined ? surface.path : base.pathname.replace(/\/$/, '');
  const body = request.body === undefined || Buffer.isBuffer(request.body) ? request.body : toJson(request.body);
  const call: HttpCall = {
    origin: base?.origin ?? surface.origin,
    path: `${prefix}${request.path}`,
    method: request.method,
    headers: {
      'user-agent': USER_AGENT,
      'accept-encoding': 'identity',
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(base === undefined ? { ...surface.headers, ...credential.headers } : {}),
      ...request.headers,
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
    },
    ...(body === undefined ? {} : { body }),
  };
  return callHttp(surface.dispatcher, call, surface.timeouts, clock, signal);
}

const toJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** A call whose answer is one JSON object. */
export async function callWeb(place: Place, request: WebRequest): Promise<Readonly<Record<string, unknown>>> {
  const reply = await sendWeb(place, request);
  if (reply.status !== 200) throw await webRefusal(place.surface.id, reply);
  await requirePlain(place.surface.id, reply);
  const value = parseObject(await textOf(reply));
  if (value === undefined) {
    throw new ProtocolAbsent(
      new GatewayError('upstream_garbled', {
        message: 'The web chat answered with something that is not JSON.',
        surface: place.surface.id,
      }),
    );
  }
  // Failures also come with status 200 (meutils, event samples of 2024).
  const failure = value['error_type'] === undefined ? undefined : classicFailure(value);
  if (failure) throw toGatewayError(place.surface.id, failure, { status: 200 });
  return value;
}

/** Statuses that servers and proxies give to paths and methods that they do not have. */
const ABSENT: readonly number[] = [404, 405, 415, 501];

/** Why the answer is none. */
export async function webRefusal(surface: string, reply: HttpReply): Promise<GatewayError | ProtocolAbsent> {
  const { status, headers } = reply;
  if (status >= 300 && status < 400) {
    await reply.body.return();
    const { location } = headers;
    const host = location && URL.canParse(location) ? new URL(location).host : 'another address';
    return new GatewayError('upstream_redirect', {
      surface,
      message: `The web chat answered ${status} with a redirect to ${host}, which is not followed. Accounts of the mainland live at www.kimi.com, others at www.kimi.ai.`,
    });
  }
  const value = parseObject(await textOf(reply).catch(() => ''));
  const failure = connectFailure(value) ?? classicFailure(value);
  const error = toGatewayError(surface, failure ?? {}, { status, headers });
  const isUnknown = failure === undefined || (failure.code === undefined && failure.reason === undefined);
  const isAbsent = ABSENT.includes(status) && (isUnknown || failure.code === 'unimplemented');
  return isAbsent ? new ProtocolAbsent(error) : error;
}

async function textOf(reply: HttpReply): Promise<string> {
  const body = await collect(reply.body, SMALL_BODY, () => new GatewayError('upstream_too_long'));
  return body.toString('utf8');
}
