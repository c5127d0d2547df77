import { inLanguage } from '../atlas/index.ts';
import { GatewayError } from '../errors.ts';
import { nearest } from '../models/nearest.ts';
import { anthropicMessages } from '../protocols/anthropic-messages.ts';
import { openaiChat } from '../protocols/openai-chat.ts';
import type { Protocol } from '../protocols/protocol.ts';
import type { Caller } from './callers.ts';
import type { Inbound, Reply } from './exchange.ts';
import { isAnthropicClient, jsonReply, OVERHEAD_HEADER, overheadText } from './exchange.ts';
import type { Guard } from './guard.ts';
import { normalPath } from './paths.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import type { RouteContext } from './route.ts';
import { type Found, type Route, Router } from './router.ts';
import { ROUTES } from './routes/index.ts';

const router = new Router(ROUTES);

/** A request in, an answer out: nothing is thrown. */
export async function handle(inbound: Inbound, guard: Guard, context: RouteContext): Promise<Reply> {
  let cors: Record<string, string> | undefined;
  try {
    cors = guard.corsHeaders(inbound);
    const reply =
      inbound.method === 'OPTIONS' ? preflight(inbound, guard, cors) : await answer(inbound, guard, context);
    return withHeaders(reply, inbound, cors, context);
  } catch (thrown) {
    const error = inLanguage(GatewayError.from(thrown), inbound.header('accept-language'));
    if (error.code === 'internal') context.log.error({ id: inbound.requestId, err: error.cause }, 'a request failed');
    return withHeaders(errorReply(error, protocolOf(inbound)), inbound, cors, context);
  }
}

/** Of the path; where that has none of its own, Anthropic's clients name theirs in a header. */
function protocolOf(inbound: Inbound): Protocol | undefined {
  const { protocol } = router.find(normalPath(inbound.path))?.route ?? {};
  return protocol ?? (isAnthropicClient(inbound) ? anthropicMessages : undefined);
}

function answer(inbound: Inbound, guard: Guard, context: RouteContext): Promise<Reply> | Reply {
  const path = normalPath(inbound.path);
  const found = router.find(path);
  const { route } = found ?? {};
  guard.checkOrigin(inbound);
  const admitted = route?.admin ? guard.admitAdmin(inbound) : route?.open ? undefined : guard.admit(inbound);
  // Only where the database had to be asked.
  if (admitted instanceof Promise) return admitted.then((caller) => dispatch(inbound, found, caller, context));
  return dispatch(inbound, found, admitted, context);
}

function dispatch(
  inbound: Inbound,
  found: Found | undefined,
  caller: Caller | undefined,
  context: RouteContext,
): Promise<Reply> | Reply {
  if (caller !== undefined) {
    context.owner = caller.name;
    context.key = caller.key;
  }
  if (!found) throw notFound(normalPath(inbound.path));
  const { route, parameters } = found;
  const method = inbound.method === 'HEAD' ? 'GET' : inbound.method;
  // Own members only: in process a method may have any name, `constructor` too.
  const handler = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined;
  if (!handler) return wrongMethod(normalPath(inbound.path), inbound.method, route);
  context.protocol = route.ledger;
  return handler(inbound, context, parameters);
}

function wrongMethod(path: string, method: string, { methods, protocol }: Route): Reply {
  const allow = Object.keys(methods).join(', ');
  const message = `${path} takes ${allow}, not ${method.slice(0, 50)}.`;
  const reply = errorReply(new GatewayError('method_not_allowed', { message }), protocol);
  reply.headers['allow'] = allow;
  return reply;
}

function notFound(path: string): GatewayError {
  const [near] = nearest(path, router.paths(), 1);
  return new GatewayError('not_found', {
    message: `There is nothing at ${path.slice(0, 200)}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
  });
}

/** A page asks before it sends: yes to what it asks for if its origin is allowed. */
function preflight(inbound: Inbound, guard: Guard, cors: Record<string, string> | undefined): Reply {
  if (cors === undefined) {
    guard.checkOrigin(inbound);
    return { status: 204, headers: { allow: 'GET, HEAD, POST, OPTIONS' }, body: undefined };
  }
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST, PATCH, DELETE, OPTIONS',
      'access-control-allow-headers':
        inbound.header('access-control-request-headers') ?? 'authorization, content-type, x-api-key',
      'access-control-max-age': '600',
    },
    body: undefined,
  };
}

function errorReply(error: GatewayError, protocol: Protocol = openaiChat): Reply {
  const { retryAfterMs, surface } = error.details;
  const headers: Record<string, string> = { 'x-moongate-error': error.code };
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  // The vendors' SDKs try every 429 again, also one for want of money, unless they are told not to.
  if (error.status === 429 && error.row.retry !== 'anywhere') headers['x-should-retry'] = 'false';
  if (surface) headers['x-moongate-surface'] = surface;
  return { ...jsonReply(protocol.status(error), protocol.errorBody(error), headers), error };
}

function withHeaders(
  reply: Reply,
  inbound: Inbound,
  cors: Record<string, string> | undefined,
  context: RouteContext,
): Reply {
  const { headers, error } = reply;
  reply.context = context;
  context.answeredAt = context.clock.ticks();
  headers['x-request-id'] = inbound.requestId;
  if (isAnthropicClient(inbound)) headers['request-id'] = inbound.requestId;
  // A chat's answer knows better: it has waited for a surface.
  headers[OVERHEAD_HEADER] ??= overheadText(context.answeredAt - inbound.arrivedAt - (error?.waitedMs ?? 0));
  if (context.limits) Object.assign(headers, rateLimitHeaders(context.limits, context.protocol, context.clock.now()));
  if (context.simulated) headers['x-moongate-surface'] = 'simulator';
  if (cors) Object.assign(headers, cors);
  return reply;
}
