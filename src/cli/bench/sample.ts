import { GatewayError } from '../../errors.ts';
import { failureOf } from '../chat/refusal.ts';
import type { Endpoint } from '../endpoint.ts';

/** What became of one request. */
export interface Sample {
  readonly ok: boolean;
  /** The code of an error; undefined where it was answered. */
  readonly code: string | undefined;
  readonly surface: string | undefined;
  /** Milliseconds until the first piece of the answer, and to its end. */
  readonly firstMs: number;
  readonly totalMs: number;
  /** What the gateway says that it has cost itself. */
  readonly overheadMs: number | undefined;
}

export async function readSample(
  endpoint: Endpoint,
  body: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Sample> {
  const begun = performance.now();
  const took = () => performance.now() - begun;
  try {
    const response = await endpoint.call('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw await failureOf(response);
    const { firstMs, isComplete } = await drain(response, took);
    const overhead = response.headers.get('x-moongate-overhead-ms');
    return {
      ok: isComplete,
      code: isComplete ? undefined : 'stream_cut',
      surface: response.headers.get('x-moongate-surface') ?? undefined,
      firstMs,
      totalMs: took(),
      overheadMs: overhead === null ? undefined : Number(overhead),
    };
  } catch (thrown) {
    const { code } = GatewayError.from(thrown);
    return { ok: false, code, surface: undefined, firstMs: took(), totalMs: took(), overheadMs: undefined };
  }
}

/** A stream that does not end as streams end was cut. */
async function drain(response: Response, took: () => number): Promise<{ firstMs: number; isComplete: boolean }> {
  const isStream = response.headers.get('content-type')?.includes('event-stream') ?? false;
  const decoder = new TextDecoder();
  let firstMs: number | undefined;
  let end = '';
  for await (const piece of response.body ?? []) {
    firstMs ??= took();
    end = (end + decoder.decode(piece, { stream: true })).slice(-64);
  }
  return { firstMs: firstMs ?? took(), isComplete: !isStream || end.includes('[DONE]') };
}
