import { VERSION } from '../../version.ts';
import { type Inbound, jsonReply, type Reply } from '../exchange.ts';
import type { RouteContext } from '../route.ts';

/** GET /healthz: the process lives. */
export async function healthz(_inbound: Inbound, { clock, simulated, startedAt }: RouteContext): Promise<Reply> {
  const uptime = Math.round((clock.now() - startedAt) / 1000);
  return jsonReply(200, { status: 'ok', version: VERSION, mode: simulated ? 'demo' : 'live', uptime_seconds: uptime });
}

/** GET /readyz: requests can be served; 503 with the reason if not. */
export async function readyz(_inbound: Inbound, { runtime, state, stopping, simulated }: RouteContext): Promise<Reply> {
  const { database, coordination } = state;
  // Neither keeps the gateway from answering, so neither makes it unready.
  const parts = { database: database.status, coordination: coordination.shared ? coordination.kind : 'lost' };
  const surfaces = runtime.names().surfaces.map(({ id }) => id);
  const reason = stopping ? 'the gateway is stopping' : runtime.advice;
  const mode = simulated ? 'demo' : 'live';
  if (reason !== undefined) return jsonReply(503, { status: 'not ready', mode, reason, ...parts });
  return jsonReply(200, { status: 'ready', mode, surfaces, ...parts });
}

/** GET / and HEAD /: Claude Code looks here first. */
export async function root(_inbound: Inbound, { simulated }: RouteContext): Promise<Reply> {
  return jsonReply(200, {
    name: 'moongate',
    version: VERSION,
    mode: simulated ? 'demo' : 'live',
    endpoints: [
      ...['POST /v1/chat/completions', 'POST /v1/responses', 'POST /v1/messages', 'POST /v1/completions'],
      ...['GET /v1/models', 'POST /v1/files', 'POST /v1/batches', 'GET /healthz', 'GET /readyz'],
    ],
  });
}
