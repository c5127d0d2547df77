import { isIP } from 'node:net';

export interface Listen {
  /** An IP address without brackets, or a host name. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8000;

/** "127.0.0.1:8000", "8000", ":8000", "[::1]:8000", "0.0.0.0" → host and port; undefined where the text is no address. */
export function parseListen(value: number | string): Listen | undefined {
  const text = String(value).trim();
  // A bare port means loopback, and so does ":8000": opening to the network is never the result of leaving something out.
  const port = /^:?(\d{1,5})$/.exec(text);
  if (port !== null) return toListen(DEFAULT_HOST, port[1]);
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed !== null) return isIP(bracketed[1] ?? '') === 6 ? toListen(bracketed[1], bracketed[2]) : undefined;
  if (isIP(text) === 6) return toListen(text, undefined);
  const named = /^([A-Za-z0-9.-]+)(?::(\d{1,5}))?$/.exec(text);
  if (named === null) return undefined;
  // 1.2.3 or 1.2.3.4.5 would be looked up as a name and fail much later.
  if (/^[\d.]+$/.test(named[1] ?? '') && isIP(named[1] ?? '') !== 4) return undefined;
  return toListen(named[1], named[2]);
}

export function formatListen({ host, port }: Listen): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether only programs of this machine can reach the address. A name other than localhost counts as public. */
export function isLoopback(host: string): boolean {
  const plain = host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

function toListen(host: string | undefined, port: string | undefined): Listen | undefined {
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  return number > 65_535 || host === undefined ? undefined : { host, port: number };
}
