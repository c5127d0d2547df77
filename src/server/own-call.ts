import { isLoopback } from '../config/index.ts';
import type { Inbound } from './exchange.ts';

/**
 * A call of a program of this machine, or of the gateway's own page: not of another page, not by a name that was made to
 * lead here, and not through a proxy, which would make everybody look like this machine.
 */
export function isOwnCall(inbound: Inbound): boolean {
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
export function isAllowed(origin: string, host: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(origin.toLowerCase())) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

export function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

export function withoutPort(host: string): string {
  if (host.startsWith('[')) return host.slice(0, host.indexOf(']') + 1);
  return host.split(':')[0] ?? host;
}
