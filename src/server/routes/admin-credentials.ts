import { GatewayError } from '../../errors.ts';
import { type Inbound, jsonReply, type Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';
import type { Handler, PathParameters } from '../router.ts';

/** A credential is small, whatever headers it has. */
const BODY_LIMIT = 64 * 1024;

const desk = ({ runtime }: RouteContext) => runtime.side.desk;

/** GET /admin/credentials: who is there, masked; whether and why they rest; what is left of their quotas. */
export async function listCredentials(_inbound: Inbound, context: RouteContext): Promise<Reply> {
  await context.runtime.ready;
  return jsonReply(200, { object: 'list', data: await desk(context).list() });
}

/** POST /admin/credentials: `{ surface, key, … }`, as an entry of the configuration. */
export async function addCredential(inbound: Inbound, context: RouteContext): Promise<Reply> {
  await context.runtime.ready;
  const { credential, note } = await desk(context).add(parse(await inbound.body(BODY_LIMIT)));
  return jsonReply(201, { ...credential, note });
}

/** DELETE /admin/credentials/{id} */
export async function removeCredential(
  _inbound: Inbound,
  context: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  await context.runtime.ready;
  return jsonReply(200, { id, object: 'credential', deleted: true, note: await desk(context).remove(id) });
}

/** POST /admin/credentials/{id}/enable, disable, clear, test */
export const changeCredential =
  (action: 'enable' | 'disable' | 'clear' | 'test'): Handler =>
  async (_inbound, context, { id = '' }) => {
    await context.runtime.ready;
    const at = desk(context);
    if (action === 'test') return jsonReply(200, await at.test(id));
    if (action === 'clear') return jsonReply(200, at.clear(id));
    return jsonReply(200, at.setEnabled(id, action === 'enable'));
  };

/** GET /admin/refusals: what surfaces said that the atlas does not know. */
export async function listRefusals(_inbound: Inbound, { runtime }: RouteContext): Promise<Reply> {
  return jsonReply(200, { object: 'list', data: runtime.side.refusals.list() });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new GatewayError('invalid_json');
  }
}
