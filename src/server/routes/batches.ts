import { parseObjectBody } from '../../chat/json-body.ts';
import { GatewayError } from '../../errors.ts';
import type { RouteContext } from '../route.ts';
import type { Handler } from '../router.ts';
import { callerOf, errand, held, listQuery, toldReply } from './files.ts';

/** POST /v1/batches: in the account of the input file. */
export const createBatch: Handler = (inbound, context) => {
  refuseRules(context);
  return errand(context, async ({ batches }) => {
    const request = parseObjectBody(await inbound.body(context.runtime.config.limits.body_bytes));
    return toldReply(await batches.create(request, callerOf(inbound, context)));
  });
};

/** GET /v1/batches: those of every account that the caller may see, newest first. */
export const listBatches: Handler = (inbound, context) =>
  held(context, async ({ batches }) => {
    const query = listQuery(inbound, { most: 100, fallback: 20 });
    return toldReply(await batches.list(query, callerOf(inbound, context)));
  });

export const showBatch: Handler = (inbound, context, { id = '' }) =>
  held(context, async ({ batches }) => toldReply(await batches.show(id, callerOf(inbound, context))));

export const cancelBatch: Handler = (inbound, context, { id = '' }) =>
  held(context, async ({ batches }) => toldReply(await batches.cancel(id, callerOf(inbound, context))));

/** The platform runs a batch by itself, past what a key may use and spend. */
function refuseRules({ key }: RouteContext): void {
  const { models, surfaces, route, tpm, budget } = key?.rules ?? {};
  if ([models, surfaces, route, tpm, budget].every((rule) => rule === undefined)) return;
  throw new GatewayError('model_not_allowed', {
    message: 'A batch would run past the models, tokens and budget of this key.',
    hint: 'Send the requests one by one, or use a key without such rules.',
  });
}
