import type { Config } from '../config/index.ts';

/** What a moongate says of itself at `/healthz`. */
export interface GatewayHealth {
  readonly mode: string;
  readonly version: string;
  readonly uptimeSeconds: number | undefined;
}

/** On this machine an answer takes a millisecond. */
const PROBE_MS = 500;

/** The address to call where the gateway listens: nobody can connect to "every address". */
export function addressOf({ listen: { host, port } }: Pick<Config, 'listen'>): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Undefined if no moongate answers at `base`. */
export async function healthAt(base: string): Promise<GatewayHealth | undefined> {
  try {
    const response = await fetch(`${base}/healthz`, { signal: AbortSignal.timeout(PROBE_MS), redirect: 'error' });
    const body: unknown = await response.json();
    const isGateway = typeof body === 'object' && body !== null && 'status' in body && 'version' in body;
    if (!isGateway || body.status !== 'ok') return undefined;
    const uptime = 'uptime_seconds' in body ? Number(body.uptime_seconds) : Number.NaN;
    return {
      mode: String('mode' in body ? body.mode : 'live'),
      version: String(body.version),
      uptimeSeconds: Number.isFinite(uptime) ? uptime : undefined,
    };
  } catch {
    return undefined; // nobody there, or somebody else
  }
}
