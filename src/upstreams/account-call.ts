import { GatewayError } from '../errors.ts';
import { collect } from '../stream/byte-source.ts';
import type { Place } from './adapter.ts';
import { callHttp } from './http-call.ts';
import { headersFor, refusal } from './openai-face.ts';

/**
 * What a surface says of the credential's account, at a path below its own, in at most so many bytes. A refusal is thrown as
 * the error that it means.
 */
export async function askAboutAccount(place: Place, path: string, limit: number): Promise<Buffer> {
  const { surface, credential, clock, signal } = place;
  const reply = await callHttp(
    surface.dispatcher,
    {
      origin: surface.origin,
      path: `${surface.path}${path}`,
      method: 'GET',
      headers: { ...headersFor(surface, credential), accept: 'application/json' },
    },
    surface.timeouts,
    clock,
    signal,
  );
  if (reply.status !== 200) throw await refusal(surface, credential, reply);
  return collect(reply.body, limit, () => new GatewayError('upstream_too_long'));
}
