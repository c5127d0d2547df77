import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { readKeyRules, unknownNames } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import type { InboundKeyTable } from '../storage/tables/inbound-keys.ts';
import { issuedKeyInfo, type KeyInfo } from './key-info.ts';
import { keyDigest, newKey } from './key-secret.ts';
import { type KeyChange, KeyStore, type StoredKey } from './key-store.ts';

export interface KeyDeskParts {
  readonly database: Database;
  readonly clock: Clock;
  /** What the configuration has: rules may name it, and names of its keys are taken. */
  known(): {
    readonly routes: object;
    readonly surfaces: object;
    readonly keys: readonly { readonly name: string }[];
  };
  /** A key is another one now, or opens nothing any more. */
  changed(id: string, isGone: boolean): Promise<void>;
}

/** A key that was just made, the only time that it is told. */
export type NewKeyInfo = Omit<KeyInfo, 'key'> & { readonly key: string };

/** Rows are kept when a key is revoked, so that their number is bounded apart from that of the keys in use. */
const MOST_KEYS = 10_000;
/** How long a key opens that was replaced, where nobody says otherwise. */
const GRACE_MS = 24 * 60 * 60_000;

/** Where keys are issued, changed and revoked, by the admin API and by the command line. */
export class KeyDesk {
  readonly #parts: KeyDeskParts;
  readonly #store: KeyStore;

  constructor(parts: KeyDeskParts) {
    this.#parts = parts;
    this.#store = new KeyStore(parts.database);
  }

  async list(): Promise<readonly KeyInfo[]> {
    const now = this.#parts.clock.now();
    return (await this.#store.all()).map(({ key }) => issuedKeyInfo(key, now));
  }

  /** By id or name. Throws not_found. */
  async show(ref: string): Promise<KeyInfo> {
    return issuedKeyInfo((await this.#find(ref)).key, this.#parts.clock.now());
  }

  /** `value`: `{ name, …rules }`, as an entry of `keys` in the configuration. Throws invalid_request. */
  async create(value: unknown): Promise<NewKeyInfo> {
    const { name, rules } = this.#read(value);
    const now = this.#parts.clock.now();
    const secret = newKey();
    const row = { ...EMPTY_ROW, id: `key_${randomUUID()}`, name, rules: JSON.stringify(rules), created_at: now };
    try {
      const isThere = await this.#store.insert({ ...row, ...digests(secret) }, now, MOST_KEYS);
      if (!isThere) throw invalid(`There are ${MOST_KEYS} keys already; forget some that are revoked`);
    } catch (cause) {
      if (await this.#store.isTaken(cause)) {
        throw invalid(
          `There is a key "${name}", in use or revoked; rotate it, forget it, or choose another name`,
          'name',
        );
      }
      throw cause;
    }
    await this.#parts.changed(row.id, false);
    return { ...(await this.show(row.id)), key: secret };
  }

  /** Other rules for the same key; those that are not named stay, null takes one away. */
  async update(ref: string, value: unknown): Promise<KeyInfo> {
    const { id } = await this.#live(ref);
    const given = toRecord(value);
    const merge = (before: string) => {
      const merged = { ...(JSON.parse(before) as object), ...given };
      return this.#rules(Object.fromEntries(Object.entries(merged).filter(([, rule]) => rule !== null)));
    };
    return this.#change(id, false, ({ rules }) => ({ rules: JSON.stringify(merge(rules)) }));
  }

  /** A new key with the same rules; the old one opens for `graceMs` more. One before that stops at once. */
  async rotate(ref: string, graceMs = GRACE_MS): Promise<NewKeyInfo> {
    const { id } = await this.#live(ref);
    const { clock } = this.#parts;
    const secret = newKey();
    const info = await this.#change(id, false, (row) => ({
      ...digests(secret),
      previous_digest: graceMs === 0 ? null : row.digest,
      previous_last4: graceMs === 0 ? null : row.last4,
      previous_until: graceMs === 0 ? null : clock.now() + graceMs,
      rotated_at: clock.now(),
    }));
    return { ...info, key: secret };
  }

  /** The row stays, so that the ledger's name keeps its meaning and nobody inherits its conversations. */
  async revoke(ref: string): Promise<KeyInfo> {
    const { key } = await this.#find(ref);
    const now = this.#parts.clock.now();
    return this.#change(key.id, true, ({ revoked_at }) => ({ revoked_at: revoked_at ?? now }));
  }

  /** Takes the row away as well. */
  async forget(ref: string): Promise<KeyInfo> {
    const info = await this.revoke(ref);
    await this.#store.forget(info.id);
    await this.#parts.changed(info.id, true);
    return info;
  }

  async #change(id: string, isGone: boolean, change: (row: InboundKeyTable) => KeyChange): Promise<KeyInfo> {
    const { clock, changed } = this.#parts;
    const stored = await this.#store.change(id, clock.now(), change);
    if (!stored) throw noKey(id);
    await changed(id, isGone);
    return issuedKeyInfo(stored.key, clock.now());
  }

  async #find(ref: string): Promise<StoredKey> {
    const stored = await this.#store.find(ref);
    if (stored) return stored;
    if (this.#parts.known().keys.some(({ name }) => name === ref)) {
      throw invalid(`"${ref}" is a key of the configuration; change it there`);
    }
    throw noKey(ref);
  }

  async #live(ref: string): Promise<StoredKey['key']> {
    const { key } = await this.#find(ref);
    if (key.revokedAt !== undefined) throw invalid(`The key "${key.name}" is revoked; create another one`);
    return key;
  }

  #read(value: unknown): { readonly name: string; readonly rules: object } {
    const { name, ...rules } = toRecord(value);
    if (typeof name !== 'string' || !/^[\p{L}\p{N}][\p{L}\p{N} .@_-]{0,63}$/u.test(name)) {
      throw invalid('`name` is 1 to 64 letters, digits, spaces or .@_-', 'name');
    }
    if (name === 'local' || this.#parts.known().keys.some((key) => key.name === name)) {
      throw invalid(`The name "${name}" is taken`, 'name');
    }
    return { name, rules: this.#rules(rules) };
  }

  /** Checked, and as they were written: that is what is stored. */
  #rules(rules: object): object {
    const [unknown] = unknownNames(readKeyRules(rules), this.#parts.known());
    if (unknown) throw invalid(`There is no ${unknown.what} "${unknown.name}"`, unknown.path.join('.'));
    return rules;
  }
}

const EMPTY_ROW = {
  previous_digest: null,
  previous_last4: null,
  previous_until: null,
  rotated_at: null,
  revoked_at: null,
};

const digests = (secret: string) => ({ digest: keyDigest(secret), last4: secret.slice(-4) });

function toRecord(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid('The body must be an object');
}

function invalid(message: string, param?: string): GatewayError {
  return new GatewayError('invalid_request', { message: `${message}.`, ...(param === undefined ? {} : { param }) });
}

const noKey = (ref: string) => new GatewayError('not_found', { message: `There is no key "${ref.slice(0, 100)}".` });
