import { type Dispatcher, Pool } from 'undici';
import type { Config } from '../config/index.ts';
import type { Credential } from '../credential.ts';
import { openaiFace } from '../upstreams/openai-face.ts';
import { kindOf, type Surface } from '../upstreams/surface.ts';
import { toAccountLimits } from './pool-settings.ts';

type ConfiguredSurface = Config['surfaces'][string];

/** How many connections to one surface may be open; HTTP/1.1 carries one request on each at a time. */
const CONNECTIONS = 512;

/** The surfaces that the gateway can speak to today. The coding and web surfaces have their own adapters to come. */
const SPOKEN = new Set(['moonshot', 'compatible']);

export interface SurfaceSet {
  readonly surfaces: ReadonlyMap<string, Surface>;
  readonly credentials: readonly Credential[];
  close(): Promise<void>;
}

/** The enabled surfaces of a configuration, each with its own connections, and their credentials. */
export function buildSurfaces(config: Config): SurfaceSet {
  const surfaces = new Map<string, Surface>();
  const credentials: Credential[] = [];
  for (const configured of Object.values(config.surfaces)) {
    if (!configured.enabled || !SPOKEN.has(configured.type)) continue;
    surfaces.set(configured.id, toSurface(configured));
    credentials.push(...toCredentials(configured));
  }
  return {
    surfaces,
    credentials,
    async close() {
      await Promise.all([...surfaces.values()].map(({ dispatcher }) => dispatcher.close()));
    },
  };
}

function toSurface(configured: ConfiguredSurface): Surface {
  const url = new URL(configured.base_url);
  const { first_byte_ms, idle_ms, total_ms, connect_ms } = configured.timeouts;
  return {
    id: configured.id,
    kind: kindOf(configured.id),
    origin: url.origin,
    path: url.pathname.replace(/\/$/, ''),
    headers: revealed(configured.headers),
    timeouts: { firstByteMs: first_byte_ms, idleMs: idle_ms, totalMs: total_ms },
    models: Object.keys(configured.models).length > 0 ? configured.models : undefined,
    dispatcher: connections(url.origin, connect_ms),
    adapter: openaiFace,
  };
}

function connections(origin: string, connectMs: number): Dispatcher {
  return new Pool(origin, {
    connections: CONNECTIONS,
    connect: { timeout: connectMs },
    keepAliveTimeout: 30_000,
    allowH2: false,
  });
}

function toCredentials(configured: ConfiguredSurface): Credential[] {
  return configured.credentials.map((credential) => {
    const { name, secret, account, headers, weight } = credential;
    const limits = toAccountLimits(configured, credential);
    return toCredential(configured.id, name, secret, { account, headers: revealed(headers), weight, limits });
  });
}

/** `secret` prints as its mask, so the id does too. */
export function toCredential(
  surface: string,
  name: string,
  secret: Credential['secret'],
  {
    account,
    ...rest
  }: Partial<Pick<Credential, 'headers' | 'weight' | 'limits'>> & { account?: string | undefined } = {},
): Credential {
  const id = `${name} ${secret}`;
  return { id, surface, secret, headers: {}, ...rest, account: account ?? id };
}

function revealed(headers: Readonly<Record<string, { reveal(): string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()]));
}
