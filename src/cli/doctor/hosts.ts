import { isIP } from 'node:net';
import type { Examination } from './examination.ts';

/** A server that is called, and the surfaces that are there. */
export interface Host {
  readonly origin: string;
  /** A name, or an address without brackets. */
  readonly name: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly surfaces: readonly string[];
}

export function hostsOf({ surfaces }: Examination): readonly Host[] {
  const origins = new Map<string, string[]>();
  for (const { id, origin, web } of surfaces) {
    for (const one of [origin, ...(web?.authUrl === undefined ? [] : [new URL(web.authUrl).origin])]) {
      origins.set(one, [...(origins.get(one) ?? []), id]);
    }
  }
  return [...origins].map(([origin, ids]) => toHost(origin, ids));
}

function toHost(origin: string, surfaces: readonly string[]): Host {
  const { hostname, port, protocol } = new URL(origin);
  const isTls = protocol === 'https:';
  return {
    origin,
    name: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    isTls,
    surfaces,
  };
}

/** Loopback, private and link-local ranges (RFC 1918, RFC 4193, RFC 4291, RFC 6890), and those that fake-IP proxies give out (RFC 2544). */
export function isPrivate(address: string): boolean {
  if (isIP(address) === 6) return /^(::1?$|f[cd]|fe[89ab])/i.test(address);
  return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|198\.1[89])\./.test(address);
}
