/** The public door: the gateway as a library. */
import { type LoadOptions, loadConfig } from './config/index.ts';
import { Gateway, type GatewayParts } from './gateway.ts';
import type { AddedInfo } from './runtime/credential-desk.ts';
import type { CredentialInfo } from './runtime/credential-view.ts';

export type { Config } from './config/index.ts';
export { ERRORS, type ErrorCode, GatewayError } from './errors.ts';
export type { Log } from './log.ts';
export type { AddedInfo } from './runtime/credential-desk.ts';
export type { CredentialInfo } from './runtime/credential-view.ts';
export { VERSION } from './version.ts';

/** What `/admin/credentials` does over HTTP. A credential is named by its id or its name. Throws GatewayError. */
export interface CredentialControl {
  list(): Promise<readonly CredentialInfo[]>;
  /** As an entry of the configuration, with the id of its surface: `{ surface: 'kimi-code', key: 'sk-kimi-…' }`. */
  add(credential: Readonly<Record<string, unknown>>): Promise<AddedInfo>;
  /** Resolves with what its owner should know, if anything. */
  remove(ref: string): Promise<string | null>;
  enable(ref: string): CredentialInfo;
  disable(ref: string): CredentialInfo;
  /** Ends every rest by hand. */
  clear(ref: string): CredentialInfo;
  /** Asks the surface; success ends every rest. */
  test(ref: string): Promise<CredentialInfo>;
}

export interface GatewayHandle {
  /** A web-standard handler with the signature of the global `fetch`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** The credentials, to look at and to change while the gateway runs. */
  readonly credentials: CredentialControl;
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
  return { fetch: gateway.fetch, credentials: control(gateway), close: () => gateway.close() };
}

/** Always those of the configuration that holds at the moment. */
function control(gateway: Gateway): CredentialControl {
  const desk = async () => {
    await gateway.runtime.ready;
    return gateway.credentials;
  };
  return {
    list: async () => (await desk()).list(),
    add: async (credential) => (await desk()).add(credential),
    remove: async (ref) => (await desk()).remove(ref),
    enable: (ref) => gateway.credentials.setEnabled(ref, true),
    disable: (ref) => gateway.credentials.setEnabled(ref, false),
    clear: (ref) => gateway.credentials.clear(ref),
    test: async (ref) => (await desk()).test(ref),
  };
}
