import { GatewayError } from '../errors.ts';
import { collect } from '../stream/byte-source.ts';
import type { Place } from './adapter.ts';
import { callHttp } from './http-call.ts';
import { headersFor, refusal } from './openai-face.ts';

const ANSWER_LIMIT = 64 * 1024;

/** Asks the open platform how many tokens these messages take (`POST /tokenizers/estimate-token-count`). */
export async function estimateTokenCount({ surface, credential, clock, signal }: Place, body: Buffer): Promise<number> {
  const reply = await callHttp(
    surface.dispatcher,
    {
      origin: surface.origin,
      path: `${surface.path}/tokenizers/estimate-token-count`,
      method: 'POST',
      headers: { ...headersFor(surface, credential), 'content-type': 'application/json', accept: 'application/json' },
      body,
    },
    surface.timeouts,
    clock,
    signal,
  );
  if (reply.status !== 200) throw await refusal(surface, credential, reply);
  const answer = await collect(reply.body, ANSWER_LIMIT, () => new GatewayError('upstream_too_long'));
  const total = totalIn(answer);
  if (total === undefined) throw new GatewayError('upstream_garbled', { surface: surface.id });
  return total;
}

function totalIn(answer: Buffer): number | undefined {
  try {
    const { data } = JSON.parse(answer.toString()) as { data?: { total_tokens?: unknown } };
    return typeof data?.total_tokens === 'number' ? data.total_tokens : undefined;
  } catch {
    return undefined;
  }
}
