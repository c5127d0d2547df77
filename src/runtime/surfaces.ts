import { Agent, type Dispatcher, Pool } from 'undici';
import type { Config, CredentialSettings } from '../config/index.ts';
import type { Credential } from '../credential.ts';
import type { Adapter } from '../upstreams/adapter.ts';
import { kimiCode } from '../upstreams/kimi-code/kimi-code.ts';
import { KimiWeb } from '../upstreams/kimi-web/kimi-web.ts';
import type { Sessions, WebCredential } from '../upstreams/kimi-web/session.ts';
import { webVariantOf } from '../upstreams/kimi-web/web-models.ts';
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
    region: configured.region,
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
function own(configured: ConfiguredSurface): Pick<Surface, 'face' | 'kimiCode' | 'web' | 'variantOf'> {
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
  if (type === 'kimi-web') {
    return { variantOf: webVariantOf, web: { protocol, ...web, ...(authUrl === undefined ? {} : { authUrl }) } };
  }
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
  return configured.credentials.map((settings) => credentialOf(configured, settings));
}

/** A header's value from this length on is taken for a secret. */
const HIDDEN_FROM = 8;

/** A credential as the pool lends it. */
export function credentialOf(configured: ConfiguredSurface, settings: CredentialSettings): Credential {
  const { name, secret, account, weight, user_agent_version: userAgentVersion } = settings;
  const headers = revealed(settings.headers);
  const hidden = [...Object.values(headers), ...Object.values(revealed(configured.headers))];
  const made = toCredential(configured.id, name, secret, {
    ...{ account, headers, weight, userAgentVersion },
    limits: toAccountLimits(configured, settings),
    hidden: hidden.filter((value) => value.length >= HIDDEN_FROM),
  });
  if (settings.refresh_token === undefined) return made;
  const renewable: WebCredential = { ...made, refresh: settings.refresh_token };
  return renewable;
}

/** `secret` prints as its mask, so the id does too. */
export function toCredential(
  surface: string,
  name: string,
  secret: Credential['secret'],
  {
    account,
    ...rest
  }: Partial<Omit<Credential, 'id' | 'surface' | 'secret' | 'account'>> & { account?: string | undefined } = {},
): Credential {
  const id = `${name} ${secret}`;
  return { id, surface, secret, headers: {}, ...rest, account: account ?? id };
}

function revealed(headers: Readonly<Record<string, { reveal(): string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()]));
}
