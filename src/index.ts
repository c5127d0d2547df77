/** The public door: the gateway as a library. */
import { type LoadOptions, loadConfig } from './config/index.ts';
import { Gateway, type GatewayParts } from './gateway.ts';

export type { Config } from './config/index.ts';
export { ERRORS, type ErrorCode, GatewayError } from './errors.ts';
export type { Log } from './log.ts';
export { VERSION } from './version.ts';

export interface GatewayHandle {
  /** A web-standard handler with the signature of the global `fetch`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Ends background work and connections. */
  close(): Promise<void>;
}

/** Where the configuration comes from: as the command line reads it, or given whole. */
export type GatewayOptions = Partial<Omit<GatewayParts, 'config'>> &
  (LoadOptions | { readonly config: GatewayParts['config'] });

/**
 * A gateway in process, without a port: `new OpenAI({ apiKey: 'any', baseURL: 'http://moongate/v1', fetch: gateway.fetch })`.
 * Reads moongate.yaml, .env and the environment unless a configuration is given; `flags` sets single keys by their path.
 * Throws GatewayError `config_invalid`.
 */
export function createGateway(options: GatewayOptions = {}): GatewayHandle {
  const config = 'config' in options ? options.config : loadConfig(options).config;
  const gateway = new Gateway({ ...options, config });
  return { fetch: gateway.fetch, close: () => gateway.close() };
}
