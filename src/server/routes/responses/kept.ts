import type { ResponseObject } from '../../../chat/responses/index.ts';
import { GatewayError } from '../../../errors.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import type { PathParameters } from '../../router.ts';
import { eventsReply } from './background.ts';

/** GET /v1/responses/{id}; with `stream=true` the events of one that runs in the background, `starting_after` one of them. */
export async function showResponse(
  inbound: Inbound,
  context: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const { responses, owner } = context;
  const query = new URLSearchParams(inbound.query);
  const run = responses.runs.find(owner, id);
  const response = run?.response ?? (await keptResponse(id, context));
  if (query.get('stream') !== 'true') return jsonReply(200, response);
  const from = startOf(query.get('starting_after'));
  if (run?.log.has(from)) return eventsReply(run, from, inbound, context);
  throw new GatewayError('invalid_request', {
    message:
      'The events of this response are not kept: only those of a response in the background are, for a short time.',
    param: 'stream',
    hint: 'Fetch the response without `stream`.',
  });
}

/** As it is kept. One that nobody can be working on any more has failed. */
async function keptResponse(id: string, { responses, owner, clock, runtime }: RouteContext): Promise<ResponseObject> {
  const stored = await responses.store.get(owner, id);
  if (stored === undefined) throw notFound(id);
  const { response, createdAt } = stored;
  const isWaiting = response.status === 'queued' || response.status === 'in_progress';
  if (!isWaiting || clock.now() - createdAt <= runtime.config.timeouts.total_ms) return response;
  const error = { code: 'server_error', message: 'The gateway that worked on the response has stopped.' };
  return { ...response, status: 'failed', error };
}

function startOf(after: string | null): number {
  if (after === null || after === '') return 0;
  const sequence = Number(after);
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence + 1;
  throw new GatewayError('invalid_request', {
    message: '`starting_after` must be a sequence number.',
    param: 'starting_after',
  });
}

/** POST /v1/responses/{id}/cancel. Once more does no harm. */
export async function cancelResponse(
  _inbound: Inbound,
  context: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const run = context.responses.runs.find(context.owner, id);
  await run?.cancel();
  const response = run?.response ?? (await keptResponse(id, context));
  if (response['background'] !== true) {
    throw new GatewayError('invalid_request', { message: 'Cannot cancel a synchronous response.' });
  }
  return jsonReply(200, response);
}

/** DELETE /v1/responses/{id}. One that still runs is cancelled. */
export async function deleteResponse(
  _inbound: Inbound,
  { responses, owner }: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const run = responses.runs.find(owner, id);
  await run?.cancel();
  if (run) responses.runs.forget(id);
  if (!(await responses.store.delete(owner, id)) && run === undefined) throw notFound(id);
  return jsonReply(200, { id, object: 'response', deleted: true });
}

export function notFound(id: string): GatewayError {
  return new GatewayError('not_found', { message: `Response with id '${id.slice(0, 100)}' not found.` });
}
