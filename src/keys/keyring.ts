import type { Clock } from '../clock.ts';
import type { Coordination } from '../coordination/coordination.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { IssuedKey, Presented } from './inbound-key.ts';
import { KeyStore, type StoredKey } from './key-store.ts';

export interface KeyringParts {
  readonly database: Database;
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether there can be issued keys: the database is another server's, or its file is there. */
  readonly mayHold: boolean;
}

/** How often the database is asked whether a key has changed; messages tell it sooner. */
const REFRESH_MS = 5_000;
/** How long the keys that were read are good while the database is lost. */
const KEPT_MS = 60 * 60_000;
/** Digests that are known to open nothing, so that a client with a wrong key costs no look-ups. */
const UNKNOWN_KEPT = 1_000;
const CHANNEL = 'keys';
const GONE = 'gone';
const NO_KEYS = 'none';

/**
 * The issued keys, all of them in memory: a request looks one up without waiting. What replicas change is told by
 * messages and found out by asking from time to time, so that a lost message costs seconds.
 */
export class Keyring {
  readonly #parts: KeyringParts;
  readonly #store: KeyStore;
  #keys = new Map<string, Presented>();
  #count = 0;
  #version: string | undefined;
  /** `clock.ticks()` when the keys were last known to be right. */
  #readAt = 0;
  #unknown = new Set<string>();
  #reading: Promise<void> | undefined;
  #isStale = false;
  #cancel: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: KeyringParts) {
    this.#parts = parts;
    this.#store = new KeyStore(parts.database);
    if (!parts.mayHold) this.#version = NO_KEYS;
  }

  /** Whether keys were issued, revoked ones included; undefined while the database has not told. */
  get issued(): boolean | undefined {
    return this.#version === undefined ? undefined : this.#count > 0;
  }

  /** The first answer of the database is there, or it cannot be had. Never rejects. */
  async start(): Promise<void> {
    this.#unsubscribe ??= this.#parts.coordination.subscribe(CHANNEL, {
      message: (text) => this.#told(text),
      gap: () => void this.refresh(),
    });
    if (this.#version === undefined) await this.refresh();
  }

  /** What the caller's key is, by what was read last. Throws storage_unavailable if that is too long ago. */
  find(digest: string): Presented | undefined {
    const found = this.#keys.get(digest);
    if (found && this.#parts.clock.ticks() - this.#readAt > KEPT_MS) throw new GatewayError('storage_unavailable');
    return found;
  }

  /** The same for one that was not found: it may have been issued by another replica just now. */
  async lookUp(digest: string): Promise<Presented | undefined> {
    if (this.#unknown.has(digest)) return undefined;
    const stored = await this.#store.byDigest(digest);
    if (!stored) {
      this.#unknown.add(digest);
      const [oldest] = this.#unknown;
      if (this.#unknown.size > UNKNOWN_KEPT && oldest !== undefined) this.#unknown.delete(oldest);
      return undefined;
    }
    await this.refresh();
    return this.#keys.get(digest);
  }

  /** Reads the keys again, if there is something new. Never rejects. */
  async refresh(): Promise<void> {
    // What began before the change may have read before it.
    if (this.#reading) this.#isStale = true;
    this.#reading ??= this.#read();
    await this.#reading;
  }

  /** A key was changed here: from now on it holds here, and the others are told. */
  async changed(id: string, isGone: boolean): Promise<void> {
    if (isGone) this.#drop(id);
    await this.#parts.coordination.publish(CHANNEL, `${isGone ? GONE : 'changed'} ${id}`);
    await this.refresh();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#unsubscribe?.();
  }

  async #read(): Promise<void> {
    do {
      this.#isStale = false;
      try {
        const version = await this.#store.version();
        if (version.text !== this.#version) this.#take(await this.#store.all());
        this.#version = version.text;
        this.#count = version.count;
        this.#readAt = this.#parts.clock.ticks();
      } catch (cause) {
        // The database tells its loss itself; it is asked again in a while.
        if (!(cause instanceof GatewayError)) this.#parts.log.error({ err: cause }, 'the issued keys cannot be read');
        break;
      }
    } while (this.#isStale && !this.#isClosed);
    // In the same step, so that nobody waits for a reading that is over.
    this.#reading = undefined;
    this.#schedule();
  }

  #take(stored: readonly StoredKey[]): void {
    const keys = new Map<string, Presented>();
    for (const { key, digest, previousDigest } of stored) {
      keys.set(digest, { key, until: undefined });
      if (previousDigest !== undefined && key.previous) keys.set(previousDigest, { key, until: key.previous.until });
    }
    this.#keys = keys;
    this.#unknown = new Set();
  }

  #told(text: string): void {
    const [what, id = ''] = text.split(' ');
    // At once, even where the database cannot be asked.
    if (what === GONE) this.#drop(id);
    void this.refresh();
  }

  #drop(id: string): void {
    const revokedAt = this.#parts.clock.now();
    const revoked = (key: IssuedKey): IssuedKey => ({ ...key, revokedAt });
    for (const [digest, { key, until }] of this.#keys) {
      if (key.id === id) this.#keys.set(digest, { key: revoked(key), until });
    }
  }

  /** Where no other process shares the file and nothing was issued there is nothing to find out. */
  #schedule(): void {
    this.#cancel?.();
    const isNeeded = this.#count > 0 || this.#version === undefined || this.#parts.database.kind === 'postgres';
    if (this.#isClosed || !isNeeded) return;
    this.#cancel = this.#parts.clock.after(REFRESH_MS, () => void this.refresh());
  }
}
