import type { Readable } from 'node:stream';
import { GatewayError } from '../errors.ts';
import { collect } from '../stream/byte-source.ts';
import type { Place } from './adapter.ts';
import { callHttp, type HttpCall, type HttpReply } from './http-call.ts';
import { headersFor, refusal } from './openai-face.ts';

export interface ResourceCall {
  readonly method: HttpCall['method'];
  /** Below the surface's own path, with the query: `/files/file_1`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | Readable;
  /** A body that passes through may take this long to come, milliseconds. */
  readonly uploadMs?: number;
}

/** The platform switches its file endpoints to another shape by this header (platform docs, hosted agents, files). */
const BETA_HEADER = 'kimi-api-version';

/** The largest JSON answer: a list of a thousand files. */
const JSON_LIMIT = 16 * 1024 * 1024;

/** One call to the files or batches of the platform. Anything but success is thrown; 404 as `resource_not_found`. */
export async function callResource(place: Place, call: ResourceCall): Promise<HttpReply> {
  const { surface, credential, clock, signal } = place;
  const { [BETA_HEADER]: _beta, ...own } = headersFor(surface, credential);
  const { method, body, uploadMs = 0 } = call;
  const { firstByteMs, ...timeouts } = surface.timeouts;
  const reply = await callHttp(
    surface.dispatcher,
    {
      origin: surface.origin,
      path: `${surface.path}${call.path}`,
      method,
      headers: { ...own, ...call.headers },
      ...(body === undefined ? {} : { body }),
    },
    { ...timeouts, firstByteMs: firstByteMs === 0 ? 0 : firstByteMs + uploadMs },
    clock,
    signal,
  );
  if (reply.status >= 200 && reply.status < 300) return reply;
  const error = await refusal(surface, credential, reply);
  if (reply.status !== 404) throw error;
  throw new GatewayError('resource_not_found', { message: error.message, surface: surface.id, cause: error });
}

/** The same for an answer that is JSON. */
export async function callJsonResource(place: Place, call: ResourceCall): Promise<Readonly<Record<string, unknown>>> {
  const reply = await callResource(place, call);
  const bytes = await collect(reply.body, JSON_LIMIT, () => new GatewayError('upstream_too_long'));
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new GatewayError('upstream_garbled', { surface: place.surface.id });
}
