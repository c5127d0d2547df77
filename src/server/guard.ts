import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Config } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { keyDigest } from '../keys/key-secret.ts';
import { type Caller, Callers, type CallersParts } from './callers.ts';
import { IN_PROCESS, type Inbound } from './exchange.ts';
import type { Lockout } from './lockout.ts';
import { isAllowed, isLocalName, isOwnCall, withoutPort } from './own-call.ts';

/** Who may call, as the configuration and the issued keys say; built once for each configuration. */
export interface Guard {
  /** Throws if the request comes from a web page that may not call, or by a name that is not the gateway's. */
  checkOrigin(inbound: Inbound): void;
  /**
   * Whose call it is, or undefined where no key is needed; a promise only where the database has to be asked. Throws if
   * the caller has no key.
   */
  admit(inbound: Inbound): Caller | undefined | Promise<Caller | undefined>;
  /** Throws if the caller may not administer the gateway. */
  admitAdmin(inbound: Inbound): undefined | Promise<undefined>;
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
  ...['limit', 'remaining', 'reset'].flatMap((what) => [
    `x-ratelimit-${what}-requests`,
    `x-ratelimit-${what}-tokens`,
    `anthropic-ratelimit-requests-${what}`,
    `anthropic-ratelimit-tokens-${what}`,
  ]),
].join(', ');

/** What outlives a change of the configuration. */
export interface GuardParts extends CallersParts {
  /** Of those who guess the admin key. */
  readonly adminLockout: Lockout;
}

export function createGuard(config: Config, parts: GuardParts): Guard {
  const callers = new Callers(config, parts);
  const { adminLockout } = parts;
  const origins = new Set(config.allowed_origins);
  const hosts = new Set(config.allowed_hosts);
  const own = config.listen.host.toLowerCase();
  const adminKey = config.admin_key && Buffer.from(keyDigest(config.admin_key.reveal()));
  const isOwnHost = (host: string) => isLocalName(host) || host === own || isIP(host.replace(/^\[|\]$/g, '')) > 0;

  const checkSingleUser = (inbound: Inbound): undefined => {
    if (callers.isOpen && isOwnCall(inbound)) return undefined;
    throw new GatewayError(adminKey === undefined ? 'admin_off' : 'admin_key_needed');
  };

  return {
    checkOrigin(inbound) {
      const origin = inbound.header('origin');
      const host = inbound.header('host')?.toLowerCase();
      // Without keys anybody who reaches the port may spend the owner's: a web page must not, be it by a foreign
      // Origin or by a name of its own that it made resolve to this address (DNS rebinding).
      if ((callers.isOpen || callers.isUndecided) && host !== undefined && !hosts.has(host)) {
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

    admit: (inbound) => callers.admit(inbound),

    admitAdmin(inbound) {
      const key = inbound.header('x-admin-key')?.trim() ?? bearerOf(inbound);
      if (adminKey !== undefined && key !== undefined) {
        checkAdminKey(key, adminKey, inbound);
        return undefined;
      }
      if (callers.isUndecided) return callers.decided().then(() => checkSingleUser(inbound));
      return checkSingleUser(inbound);
    },

    corsHeaders(inbound) {
      const origin = inbound.header('origin');
      if (origin === undefined || !isAllowed(origin, inbound.header('host')?.toLowerCase(), origins)) return undefined;
      return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'Origin' };
    },
  };

  function checkAdminKey(key: string, wanted: Buffer, { peer = IN_PROCESS }: Inbound): void {
    adminLockout.check(peer);
    const digest = keyDigest(key);
    if (timingSafeEqual(Buffer.from(digest), wanted)) {
      adminLockout.passed(peer);
      return;
    }
    // An inbound key is no guess, though no admin key either. With a wrong one nobody gets in, from here neither.
    if (!callers.knows(digest)) adminLockout.failed(peer);
    throw new GatewayError('admin_key_needed', { message: 'This is not the admin key.' });
  }
}

function bearerOf(inbound: Inbound): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(inbound.header('authorization')?.trim() ?? '')?.[1];
}
