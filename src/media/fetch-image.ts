import { type LookupAddress, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { Agent } from 'undici';
import { formatOfBytes, IMAGE_FORMATS } from '../chat/image-format.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';
import { collect } from '../stream/byte-source.ts';
import { callHttp } from '../upstreams/http-call.ts';
import { VERSION } from '../version.ts';
import { isPublicAddress } from './public-address.ts';

/** Whether an address may be connected to. */
export type AddressCheck = (address: string) => boolean;

export interface ImageFetchOptions {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Tests let loopback in. Default: the public internet only. */
  readonly mayConnect?: AddressCheck | undefined;
}

const REDIRECTS = 3;

/**
 * Fetches images that clients name by a public URL. Every connection, also after a redirect, goes only to an address that
 * was checked after the name was resolved, so that neither a name nor a redirect can lead into the owner's network.
 */
export class ImageFetcher {
  readonly #options: ImageFetchOptions;
  readonly #mayConnect: AddressCheck;
  readonly #agent: Agent;

  constructor(options: ImageFetchOptions) {
    this.#options = options;
    this.#mayConnect = options.mayConnect ?? isPublicAddress;
    this.#agent = new Agent({
      connections: 8,
      keepAliveTimeout: 1_000,
      allowH2: false,
      connect: { timeout: options.timeoutMs, lookup: (host, settings, done) => this.#lookup(host, settings, done) },
    });
  }

  /** The image as a data URL. Throws invalid_request with the reason. */
  async fetch(url: string, signal: Signal): Promise<string> {
    let target = this.#check(url);
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const { timeoutMs, clock, maxBytes } = this.#options;
      const reply = await callHttp(
        this.#agent,
        {
          origin: target.origin,
          path: `${target.pathname}${target.search}`,
          method: 'GET',
          headers: { accept: 'image/*', 'user-agent': `moongate/${VERSION}` },
        },
        { firstByteMs: timeoutMs, idleMs: timeoutMs, totalMs: timeoutMs },
        clock,
        signal,
      ).catch((cause: unknown) => {
        throw refuse(url, reasonOf(cause));
      });
      const location = reply.headers['location'];
      if (reply.status >= 300 && reply.status < 400 && location !== undefined) {
        await reply.body.return();
        target = this.#check(URL.canParse(location, target.href) ? new URL(location, target.href).href : location);
        continue;
      }
      if (reply.status !== 200) {
        await reply.body.return();
        throw refuse(url, `its server answered ${reply.status}`);
      }
      const bytes = await collect(reply.body, maxBytes, () => refuse(url, `it is larger than ${maxBytes} bytes`));
      const format = formatOfBytes(bytes);
      if (format === undefined || !IMAGE_FORMATS.includes(format))
        throw refuse(url, `it is none of ${IMAGE_FORMATS.join(', ')}`);
      return `data:image/${format};base64,${bytes.toString('base64')}`;
    }
    throw refuse(url, `it redirects more than ${REDIRECTS} times`);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  #check(url: string): URL {
    const parsed = URL.parse(url);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw refuse(url, 'it is not an http or https URL');
    if (parsed.username !== '' || parsed.password !== '') throw refuse(url, 'it holds a user name or password');
    const host = parsed.hostname.replace(/^\[|\]$/g, '');
    // An address that is written out is not looked up, so it is checked here.
    if (isIP(host) > 0 && !this.#mayConnect(host)) throw refuse(url, 'its address is not on the public internet');
    return parsed;
  }

  #lookup(
    host: string,
    settings: { readonly all?: boolean | undefined },
    done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ): void {
    lookup(host, { all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const good = addresses.filter(({ address }) => this.#mayConnect(address));
      const [first] = good;
      if (first === undefined) return done(new Error('its address is not on the public internet'), []);
      if (settings.all === true) return done(null, good);
      return done(null, first.address, first.family);
    });
  }
}

function reasonOf(cause: unknown): string {
  const error = GatewayError.from(cause);
  if (error.code === 'client_closed') throw error;
  const inner = error.cause instanceof Error ? error.cause.message : error.message;
  return inner;
}

function refuse(url: string, why: string): GatewayError {
  return new GatewayError('invalid_request', {
    message: `The image ${url.slice(0, 200)} could not be fetched: ${why}.`,
    param: 'messages',
    hint: 'Send it as a data URL instead.',
  });
}
