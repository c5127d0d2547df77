import { GatewayError } from '../errors.ts';
import { collect } from '../stream/byte-source.ts';
import { callHttp } from './http-call.ts';
import { headersFor, refusal } from './openai-face.ts';
import type { SearchPlace } from './search-face.ts';
import { requirePlain } from './unpacked.ts';

/** What a search may answer; its results are cut further before the model sees them. */
const ANSWER_LIMIT = 2 * 1024 * 1024;

export interface SearchHttpCall {
  readonly place: SearchPlace;
  readonly method: 'GET' | 'POST';
  /** Below the path of the surface. */
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** A small call beside the model, with the waits of a search. A refusal is thrown as the error that it means. */
export async function callSearch({ place, method, path, body, headers, timeoutMs }: SearchHttpCall): Promise<Buffer> {
  const { surface, credential, clock, signal } = place;
  const timeouts = { firstByteMs: timeoutMs, idleMs: timeoutMs, totalMs: timeoutMs };
  const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const reply = await callHttp(
    surface.dispatcher,
    {
      origin: surface.origin,
      path: `${surface.path}${path}`,
      method,
      headers: {
        ...headersFor(surface, credential),
        accept: 'application/json',
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    },
    timeouts,
    clock,
    signal,
  );
  if (reply.status !== 200) throw await refusal(surface, credential, reply);
  await requirePlain(surface.id, reply);
  return collect(reply.body, ANSWER_LIMIT, () => new GatewayError('upstream_too_long'));
}

export function readObject(bytes: Buffer, surface: string, what: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new GatewayError('upstream_garbled', { surface, message: `${what} is not a JSON object.` });
}
