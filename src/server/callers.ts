import type { Clock } from '../clock.ts';
import { type Config, isLoopback } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { configKeyId, type InboundKey, isUnlimited, type Presented } from '../keys/inbound-key.ts';
import { KEY_PREFIX, keyDigest } from '../keys/key-secret.ts';
import type { Keyring } from '../keys/keyring.ts';
import { IN_PROCESS, type Inbound } from './exchange.ts';
import { tokensOf } from './inbound-tokens.ts';
import type { Lockout } from './lockout.ts';

/** Who calls. */
export interface Caller {
  /** The name of the inbound key. */
  readonly name: string;
  /** The key, if it has rules; undefined where it only says who calls. */
  readonly key: InboundKey | undefined;
}

export interface CallersParts {
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** Of those who guess keys. */
  readonly lockout: Lockout;
}

/** Who has a key, be it one of the configuration or an issued one. */
export class Callers {
  readonly #parts: CallersParts;
  readonly #inQuery: boolean;
  readonly #configured: ReadonlyMap<string, Caller>;
  readonly #names: ReadonlySet<string>;
  /** Nobody else can reach the port, so that nobody needs a key until one is issued. */
  readonly #mayBeOpen: boolean;

  constructor(config: Config, parts: CallersParts) {
    this.#parts = parts;
    this.#inQuery = config.query_key;
    this.#configured = new Map(config.keys.map(({ key, ...rest }) => [keyDigest(key.reveal()), toCaller(rest)]));
    this.#names = new Set(config.keys.map(({ name }) => name));
    this.#mayBeOpen = config.keys.length === 0 && isLoopback(config.listen.host.toLowerCase());
  }

  /** One user on one machine: nobody needs a key. */
  get isOpen(): boolean {
    return this.#mayBeOpen && this.#parts.keyring.issued === false;
  }

  /** The database has not told yet whether keys were issued. */
  get isUndecided(): boolean {
    return this.#mayBeOpen && this.#parts.keyring.issued === undefined;
  }

  /** Resolves when it is decided, or cannot be. */
  decided(): Promise<void> {
    return this.#parts.keyring.refresh();
  }

  /** Whether this is anybody's key, good or not any more. */
  knows(digest: string): boolean {
    return this.#configured.has(digest) || this.#parts.keyring.find(digest) !== undefined;
  }

  /** As in Guard. */
  admit(inbound: Inbound): Caller | undefined | Promise<Caller | undefined> {
    if (this.isOpen) return undefined;
    const tokens = tokensOf(inbound, this.#inQuery);
    let refusal: unknown;
    for (const token of tokens) {
      const digest = keyDigest(token);
      const caller = this.#configured.get(digest);
      if (caller !== undefined) return caller.key === undefined ? caller : this.#current(caller);
      const issued = this.#parts.keyring.find(digest);
      try {
        if (issued) return this.#issued(issued);
      } catch (thrown) {
        // Another one that was sent beside it may be good.
        refusal ??= thrown;
      }
    }
    if (refusal !== undefined) throw refusal;
    const peer = inbound.peer ?? IN_PROCESS;
    return this.isUndecided ? this.decided().then(() => this.#stranger(tokens, peer)) : this.#stranger(tokens, peer);
  }

  /** Keys that are not known here, or none at all. */
  #stranger(tokens: readonly string[], peer: string): undefined | Promise<Caller> {
    if (this.isOpen) return undefined;
    if (this.isUndecided) throw new GatewayError('storage_unavailable', { message: UNDECIDED });
    if (tokens.length === 0) throw new GatewayError('invalid_api_key');
    this.#parts.lockout.check(peer);
    const issued = tokens.filter((token) => token.startsWith(KEY_PREFIX));
    if (issued.length > 0) return this.#lookUp(issued, peer);
    throw this.#wrong(peer);
  }

  async #lookUp(tokens: readonly string[], peer: string): Promise<Caller> {
    for (const token of tokens) {
      const found = await this.#parts.keyring.lookUp(keyDigest(token));
      if (found) return this.#issued(found);
    }
    throw this.#wrong(peer);
  }

  #issued({ key, until }: Presented): Caller {
    if (this.#names.has(key.name)) throw new GatewayError('key_revoked', { message: NAME_TAKEN });
    if (key.revokedAt !== undefined) throw new GatewayError('key_revoked');
    if (until !== undefined && until <= this.#parts.clock.now()) {
      throw new GatewayError('key_revoked', { message: 'This key was replaced by another one.' });
    }
    return this.#current({ name: key.name, key: isUnlimited(key) ? undefined : key });
  }

  #current(caller: Caller): Caller {
    const expires = caller.key?.rules.expires;
    if (expires === undefined || expires > this.#parts.clock.now()) return caller;
    throw new GatewayError('key_expired');
  }

  #wrong(peer: string): GatewayError {
    this.#parts.lockout.failed(peer);
    return new GatewayError('invalid_api_key', { message: 'This is not one of the keys of this gateway.' });
  }
}

const UNDECIDED =
  'The database of the gateway cannot be reached, and only there it says whether this call needs a key.';

const NAME_TAKEN = 'The configuration has another key of the same name.';

function toCaller({ name, ...rules }: Omit<Config['keys'][number], 'key'>): Caller {
  const key = { id: configKeyId(name), name, rules };
  return { name, key: isUnlimited(key) ? undefined : key };
}
