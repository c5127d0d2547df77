import { Agent, type Dispatcher, Pool } from 'undici';
import type { Config } from '../config/index.ts';
import type { Credential } from '../credential.ts';
import type { Adapter } from '../upstreams/adapter.ts';
import { kimiCode } from '../upstreams/kimi-code/kimi-code.ts';
import { KimiWeb } from '../upstreams/kimi-web/kimi-web.ts';
import type { Sessions } from '../upstreams/kimi-web/session.ts';
import { openaiFace, searchingFace } from '../upstreams/openai-face.ts';
import { platform } from '../upstreams/platform.ts';
import type { Surface } from '../upstreams/surface.ts';
import { toAccountLimits } from './pool-settings.ts';

type ConfiguredSurface = Config['surfaces'][string];

/** How many connections to one surface may be open; HTTP/1.1 carries one request on each at a time. */
const CONNECTIONS = 4_096;

export interface SurfaceSet {
  readonly surfaces: ReadonlyMap<string, Surface>;
  readonly credentials: readonly Credential[];
  close(): Promise<void>;
}

/** The enabled surfaces of a configuration, each with its own connections, and their credentials. */
export function buildSurfaces(config: Config, sessions: Sessions): SurfaceSet {
  const surfaces = new Map<string, Surface>();
  const credentials: Credential[] = [];
  const webs: KimiWeb[] = [];
  for (const configured of Object.values(config.surfaces)) {
    if (!configured.enabled) continue;
    const adapter = adapterOf(configured, sessions);
    if (adapter instanceof KimiWeb) webs.push(adapter);
    surfaces.set(configured.id, toSurface(configured, adapter));
    credentials.push(...toCredentials(configured));
  }
  return {
    surfaces,
    credentials,
    async close() {
      await Promise.all(webs.map((web) => web.idle()));
      await Promise.all([...surfaces.values()].map(({ dispatcher }) => dispatcher.close()));
    },
  };
}

function adapterOf({ type, web_search: search }: ConfiguredSurface, sessions: Sessions): Adapter {
  if (type === 'kimi-code') return kimiCode;
  if (type === 'kimi-web') return new KimiWeb(sessions);
  if (type === 'moonshot') return platform;
  return search === 'itself' ? searchingFace : openaiFace;
}

const KINDS = { moonshot: 'platform', 'kimi-code': 'coding', 'kimi-web': 'web', compatible: 'compatible' } as const;

function toSurface(configured: ConfiguredSurface, adapter: Adapter): Surface {
  const url = new URL(configured.base_url);
  const { first_byte_ms, idle_ms, total_ms, connect_ms } = configured.timeouts;
  return {
    id: configured.id,
    kind: KINDS[configured.type],
    origin: url.origin,
    path: url.pathname.replace(/\/$/, ''),
    headers: revealed(configured.headers),
    timeouts: { firstByteMs: first_byte_ms, idleMs: idle_ms, totalMs: total_ms },
    models: Object.keys(configured.models).length > 0 ? configured.models : undefined,
    dispatcher: connections(configured, url.origin, connect_ms),
    adapter,
    ...own(configured),
  };
}

/** What only one kind of surface is told. */
function own(configured: ConfiguredSurface): Pick<Surface, 'face' | 'kimiCode' | 'web'> {
  const {
    type,
    face,
    region = 'cn',
    user_agent_version: userAgentVersion,
    protocol,
    web,
    auth_url: authUrl,
  } = configured;
  if (type === 'moonshot') return { face };
  if (type === 'kimi-code') return { kimiCode: { face, region, userAgentVersion } };
  if (type === 'kimi-web') return { web: { protocol, ...web, ...(authUrl === undefined ? {} : { authUrl }) } };
  return {};
}

/** The web chat renews its tokens at another host; every other surface is one host. */
function connections({ type }: ConfiguredSurface, origin: string, connectMs: number): Dispatcher {
  const options = {
    connections: CONNECTIONS,
    connect: { timeout: connectMs },
    keepAliveTimeout: 30_000,
    allowH2: false,
  };
  return type === 'kimi-web' ? new Agent(options) : new Pool(origin, options);
}

function toCredentials(configured: ConfiguredSurface): Credential[] {
  return configured.credentials.map((credential) => {
    const { name, secret, account, headers, weight } = credential;
    const limits = toAccountLimits(configured, credential);
    const made = toCredential(configured.id, name, secret, { account, headers: revealed(headers), weight, limits });
    return credential.refresh_token === undefined ? made : { ...made, refresh: credential.refresh_token };
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
