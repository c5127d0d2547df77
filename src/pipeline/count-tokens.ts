import { estimateBesideMessages } from '../chat/estimate-tokens.ts';
import { GatewayError } from '../errors.ts';
import type { Resolution, Target } from '../models/resolve.ts';
import type { Signal } from '../signal.ts';
import type { Place } from '../upstreams/adapter.ts';
import { estimateTokenCount } from '../upstreams/estimate-token-count.ts';
import type { ChatParts } from './answer-chat.ts';
import { closeLease } from './attempts.ts';
import { type Asked, prepareRequest } from './prepare.ts';

export interface CountCall {
  readonly asked: Asked;
  readonly owner: string;
  readonly signal: Signal;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * How many tokens the open platform counts, for a model that it serves; undefined where there is none that could be asked
 * at once. It counts messages; what stands beside them is estimated. Throws what the client can mend.
 */
export async function countAtPlatform(
  call: CountCall,
  resolution: Resolution,
  parts: ChatParts,
): Promise<number | undefined> {
  const targets = resolution.targets.filter(({ surface }) => parts.surface(surface).kind === 'platform');
  if (targets.length === 0) return undefined;
  const lease = await leaseNow(call, targets, parts);
  const target = lease && targets[lease.target];
  if (lease === undefined || target === undefined) return undefined;
  const place = { surface: parts.surface(target.surface), credential: lease.credential, clock: parts.clock };
  try {
    const count = await ask(call, target, { ...place, signal: call.signal }, parts);
    lease.succeeded();
    return count;
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    closeLease(lease, error);
    if (error.row.retry === 'never' && error.status < 500) throw error;
    return undefined;
  }
}

/** A credential that is free now. */
async function leaseNow({ owner, signal }: CountCall, targets: readonly Target[], { pool }: ChatParts) {
  try {
    return await pool.lease({ targets, avoid: NONE, never: NONE, owner, signal, waitMs: 0 });
  } catch {
    return undefined;
  }
}

/** The messages have to be such as the platform takes. */
async function ask(
  { asked, owner, signal }: CountCall,
  target: Target,
  place: Place,
  parts: ChatParts,
): Promise<number> {
  const { document } = asked;
  const beside = estimateBesideMessages(document);
  const { document: repaired } = prepareRequest(asked, target, place.surface, {
    ...parts.preparation,
    images: await parts.images.gather(document, place.surface.kind, signal),
    strict: false,
    reasoning: { memory: parts.reasoning, owner },
  });
  const body = JSON.stringify({ model: target.model, messages: repaired.get('messages') });
  return (await estimateTokenCount(place, Buffer.from(body))) + beside;
}
