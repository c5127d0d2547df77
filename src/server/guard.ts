import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { type Config, isLoopback } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import type { Inbound } from './exchange.ts';
import { tokensOf } from './inbound-tokens.ts';
import type { Lockout } from './lockout.ts';

/** Who may call, as the configuration says; built once for each configuration. */
export interface Guard {
  /** Throws if the request comes from a web page that may not call, or by a name that is not the gateway's. */
  checkOrigin(inbound: Inbound): void;
  /** The name of the inbound key, or undefined where none is needed. Throws if the caller has none. */
  admit(inbound: Inbound): string | undefined;
  /** Throws if the caller may not administer the gateway. */
  admitAdmin(inbound: Inbound): void;
  /** The headers that let a page of the request's origin read the answer; undefined where there is no Origin. */
  corsHeaders(inbound: Inbound): Record<string, string> | undefined;
}

/** What a page may read besides the body. */
const EXPOSED = [
  'x-request-id',
  'x-moongate-surface',
  'x-moongate-model',
  'x-moongate-repairs',
  'x-moongate-fallback',
  'x-moongate-notes',
  'x-moongate-asked-again',
  'x-moongate-overhead-ms',
  'x-moongate-error',
  'x-conversation-id',
  'x-conversation-message',
  'idempotent-replayed',
  'retry-after',
].join(', ');

/** `lockout` outlives a change of the configuration. */
export function createGuard(config: Config, lockout: Lockout): Guard {
  const keys = new Map(config.keys.map(({ name, key }) => [digest(key.reveal()), name]));
  const origins = new Set(config.allowed_origins);
  const hosts = new Set(config.allowed_hosts);
  const own = config.listen.host.toLowerCase();
  const adminKey = config.admin_key && digestOf(config.admin_key.reveal());
  /** One user on one machine: nobody else can reach the port, and nobody needs a key. */
  const isSingleUser = keys.size === 0 && isLoopback(own);

  const isOwnHost = (host: string) => isLocalName(host) || host === own || isIP(host.replace(/^\[|\]$/g, '')) > 0;

  return {
    checkOrigin(inbound) {
      const origin = inbound.header('origin');
      const host = inbound.header('host')?.toLowerCase();
      // Without keys anybody who reaches the port may spend the owner's: a web page must not, be it by a foreign
      // Origin or by a name of its own that it made resolve to this address (DNS rebinding).
      if (keys.size === 0 && host !== undefined && !hosts.has(host)) {
        const name = withoutPort(host);
        if (!isOwnHost(name) && !hosts.has(name)) {
          throw new GatewayError('host_refused', { message: `The Host header names ${name}, not this gateway.` });
        }
      }
      if (origin !== undefined && !isAllowed(origin, host, origins)) {
        throw new GatewayError('origin_refused', {
          message: `Web pages of ${origin.slice(0, 200)} may not use this gateway.`,
        });
      }
    },

    admit(inbound) {
      if (keys.size === 0) return undefined;
      const tokens = tokensOf(inbound, config.query_key);
      for (const token of tokens) {
        const name = keys.get(digest(token));
        if (name !== undefined) return name;
      }
      throw new GatewayError('invalid_api_key', {
        ...(tokens.length === 0 ? {} : { message: 'This is not one of the keys of this gateway.' }),
      });
    },

    admitAdmin(inbound) {
      const peer = inbound.peer ?? IN_PROCESS;
      const key = inbound.header('x-admin-key')?.trim() ?? bearerOf(inbound);
      if (adminKey !== undefined && key !== undefined) {
        lockout.check(peer);
        if (timingSafeEqual(digestOf(key), adminKey)) return lockout.passed(peer);
        // An inbound key is no guess, though no admin key either. With a wrong one nobody gets in, from here neither.
        if (!keys.has(digest(key))) lockout.failed(peer);
        throw new GatewayError('admin_key_needed', { message: 'This is not the admin key.' });
      }
      if (isSingleUser && isOwnCall(inbound)) return;
      throw new GatewayError(adminKey === undefined ? 'admin_off' : 'admin_key_needed');
    },

    corsHeaders(inbound) {
      const origin = inbound.header('origin');
      if (origin === undefined || !isAllowed(origin, inbound.header('host')?.toLowerCase(), origins)) return undefined;
      return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'Origin' };
    },
  };
}

/** In a library there is no peer. */
const IN_PROCESS = 'in process';

/**
 * A call of a program of this machine, or of the gateway's own page: not of another page, not by a name that was made to
 * lead here, and not through a proxy, which would make everybody look like this machine.
 */
function isOwnCall(inbound: Inbound): boolean {
  const host = inbound.header('host')?.toLowerCase();
  if (inbound.peer !== undefined && !isLoopback(inbound.peer)) return false;
  if (host !== undefined && !isLocalName(withoutPort(host)) && !isLoopback(withoutPort(host).replace(/^\[|\]$/g, ''))) {
    return false;
  }
  const origin = inbound.header('origin');
  if (origin !== undefined && !isAllowed(origin, host, new Set())) return false;
  const site = inbound.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return inbound.header('x-forwarded-for') === undefined && inbound.header('forwarded') === undefined;
}

/** The page that the gateway itself serves has the gateway's own address as its origin. */
function isAllowed(origin: string, host: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(origin.toLowerCase())) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

function withoutPort(host: string): string {
  if (host.startsWith('[')) return host.slice(0, host.indexOf(']') + 1);
  return host.split(':')[0] ?? host;
}

/** Looking up a digest tells nothing about how much of a guess was right. */
function digest(key: string): string {
  return digestOf(key).toString('base64');
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

function bearerOf(inbound: Inbound): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(inbound.header('authorization')?.trim() ?? '')?.[1];
}
