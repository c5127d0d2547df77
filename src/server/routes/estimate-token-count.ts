import { type CountCall, countAtPlatform } from '../../pipeline/count-tokens.ts';
import { readRequest } from '../../pipeline/prepare.ts';
import { type Inbound, jsonReply, type Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';
import { scopeOf } from '../scope.ts';
import { countHere } from './count-tokens.ts';

/**
 * POST /v1/tokenizers/estimate-token-count, in Kimi's shape. The open platform counts for its own models, if a credential
 * is free; for everything else this is the gateway's estimate. A header says which of the two it is.
 */
export async function estimateTokenCount(inbound: Inbound, context: RouteContext): Promise<Reply> {
  const { runtime, owner } = context;
  const asked = readRequest(await inbound.body(runtime.config.limits.body_bytes));
  if (runtime.ready) await runtime.ready;
  const model = asked.model ?? runtime.config.models.default;
  const estimate = countHere(asked.document, runtime);
  const call = { asked, owner, signal: inbound.signal };
  const counted = model === undefined ? undefined : await countThere(call, model, context);
  return jsonReply(
    200,
    { data: { total_tokens: counted ?? estimate } },
    { 'x-moongate-counted-by': counted === undefined ? 'gateway' : 'surface' },
  );
}

/** The connections stay until the platform has answered. */
async function countThere(call: CountCall, model: string, context: RouteContext): Promise<number | undefined> {
  const { runtime } = context;
  runtime.enter();
  try {
    return await countAtPlatform(call, scopeOf(context).resolve(model), runtime.chat);
  } finally {
    runtime.leave();
  }
}
