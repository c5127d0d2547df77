import { parseDuration } from '../../config/index.ts';
import { GatewayError } from '../../errors.ts';
import { listKeys, showKey } from '../../keys/key-view.ts';
import { type Inbound, jsonReply, type Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';
import type { PathParameters } from '../router.ts';

const BODY_LIMIT = 64 * 1024;

const view = ({ keys, runtime, clock, state }: RouteContext) => ({
  keys,
  config: runtime.config,
  now: clock.now(),
  coordination: state.coordination,
});

/** GET /admin/keys: those of the configuration and the issued ones, masked. */
export async function listAllKeys(_inbound: Inbound, context: RouteContext): Promise<Reply> {
  return jsonReply(200, { object: 'list', data: await listKeys(view(context)) });
}

/** POST /admin/keys: `{ name, models, rpm, budget, … }`, as an entry of `keys`. The answer alone tells the key. */
export async function createKey(inbound: Inbound, { keys }: RouteContext): Promise<Reply> {
  return jsonReply(201, await keys.desk.create(await readBody(inbound)), NOT_STORED);
}

/** GET /admin/keys/{id}: by id or name, with what it has used. */
export async function showOneKey(
  _inbound: Inbound,
  context: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  return jsonReply(200, await showKey(id, view(context)));
}

/** PATCH /admin/keys/{id}: other rules; null takes one away. */
export async function updateKey(inbound: Inbound, { keys }: RouteContext, { id = '' }: PathParameters): Promise<Reply> {
  return jsonReply(200, await keys.desk.update(id, await readBody(inbound)));
}

/** POST /admin/keys/{id}/rotate: `{ grace: 24h }`, how long the old key opens. */
export async function rotateKey(inbound: Inbound, { keys }: RouteContext, { id = '' }: PathParameters): Promise<Reply> {
  const body = await readBody(inbound);
  return jsonReply(200, await keys.desk.rotate(id, graceOf(body)), NOT_STORED);
}

/** POST /admin/keys/{id}/revoke */
export async function revokeKey(
  _inbound: Inbound,
  { keys }: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  return jsonReply(200, await keys.desk.revoke(id));
}

/** DELETE /admin/keys/{id}: revokes it and frees its name. */
export async function forgetKey(
  _inbound: Inbound,
  { keys }: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const info = await keys.desk.forget(id);
  return jsonReply(200, { id: info.id, object: 'key', name: info.name, deleted: true });
}

/** The answer holds a key. */
const NOT_STORED = { 'cache-control': 'no-store' };

function graceOf(body: unknown): number | undefined {
  const grace = typeof body === 'object' && body !== null && 'grace' in body ? body.grace : undefined;
  if (grace === undefined || grace === null) return undefined;
  const ms = typeof grace === 'string' || typeof grace === 'number' ? parseDuration(grace) : undefined;
  if (ms !== undefined) return ms;
  throw new GatewayError('invalid_request', {
    message: '`grace` must be a duration such as 24h, at most 24 days; 0: the old key stops at once.',
    param: 'grace',
  });
}

/** No body is an empty one. */
async function readBody(inbound: Inbound): Promise<unknown> {
  const text = (await inbound.body(BODY_LIMIT)).toString();
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GatewayError('invalid_json');
  }
}
