import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { type Config, type CredentialSettings, readAddedCredential } from '../config/index.ts';
import type { Credential } from '../credential.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { CredentialStore } from './credential-store.ts';
import { type CredentialInfo, credentialInfos, nameOf } from './credential-view.ts';
import type { Added, DeskMemory } from './desk-memory.ts';
import type { QuotaBook } from './quota-book.ts';
import { credentialOf } from './surfaces.ts';

/** How long somebody who looks waits for quotas that have to be read. */
const LOOK_MS = 3_000;

export interface DeskParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly pool: CredentialPool;
  readonly quotas: QuotaBook;
  readonly store: CredentialStore;
  /** Asks its surface whether a credential works. */
  ask(credential: Credential): Promise<unknown>;
  /** A credential has come or gone. */
  changed(surface: string): void;
  /** What is stored is another matter now: other replicas look at it too. */
  storedAnew(): void;
  forget(id: string): void;
}

/** How a credential was added: where it is kept, and why not on disk. */
export interface AddedInfo {
  readonly credential: CredentialInfo;
  readonly note: string | null;
}

/** Where an owner looks at the credentials, and adds, removes, switches and tests them while the gateway runs. */
export class CredentialDesk {
  readonly memory: DeskMemory;
  readonly #parts: DeskParts;

  constructor(parts: DeskParts, before?: CredentialDesk) {
    this.#parts = parts;
    this.memory = before?.memory ?? { added: new Map(), removed: new Set() };
    for (const { id } of parts.pool.view().flatMap(({ credentials }) => credentials)) {
      if (this.memory.removed.has(id)) parts.pool.remove(id);
    }
    for (const added of this.memory.added.values()) this.#lend(added);
  }

  /** Takes what is stored, by this process or another one, and drops what is not any more; resolves with the surfaces. */
  async restore(): Promise<ReadonlySet<string>> {
    const { config, store, log } = this.#parts;
    const stored = await store.readAdded();
    const surfaces = this.#drop(new Set(stored.map(({ id }) => id)));
    const known = new Set([...this.memory.added.values()].map(({ row }) => row));
    for (const { id, surface, settings } of stored.filter(({ id: row }) => !known.has(row))) {
      try {
        const configured = config.surfaces[surface];
        if (!configured) throw new GatewayError('invalid_request', { message: `There is no surface ${surface}.` });
        this.#take({ surface, settings: readAddedCredential(configured, settings, this.#names()), row: id });
        surfaces.add(surface);
      } catch (thrown) {
        log.warn({ surface, why: GatewayError.from(thrown).message }, 'a stored credential is not used');
      }
    }
    return surfaces;
  }

  /** Everything that is known, with quotas that are at most a minute old where their surface answers soon. */
  async list(): Promise<readonly CredentialInfo[]> {
    const { clock, quotas } = this.#parts;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(LOOK_MS, resolve);
    await Promise.race([quotas.refresh(), late]);
    cancel();
    return this.#infos();
  }

  /** `value`: `{ surface, key | token, name?, account?, … }`, as in the configuration. Throws invalid_request. */
  async add(value: unknown): Promise<AddedInfo> {
    const { surface, ...settings } = membersOf(value);
    const configured = typeof surface === 'string' ? this.#surface(surface) : undefined;
    if (!configured) {
      throw new GatewayError('invalid_request', {
        message: '`surface` is missing: the id of a surface.',
        param: 'surface',
      });
    }
    const read = readAddedCredential(configured, settings, this.#names());
    if (this.#isKnown(configured.id, read)) {
      throw new GatewayError('invalid_request', { message: 'This credential is there already.' });
    }
    const note = await this.#stored(configured.id, { ...settings, name: read.name });
    const id = this.#take({ surface: configured.id, settings: read, row: note.row });
    this.#parts.log.info({ credential: id, stored: note.row !== undefined }, 'a credential was added');
    this.#parts.changed(configured.id);
    this.#parts.storedAnew();
    return { credential: this.#info(id), note: note.text };
  }

  /** Calls that are under way with it end as they would have. Resolves with what the owner should know. */
  async remove(ref: string): Promise<string | null> {
    const { store, log, changed, storedAnew } = this.#parts;
    const { id, surface } = this.#find(ref);
    const added = this.memory.added.get(id);
    if (added?.row !== undefined) await store.remove(added.row);
    if (!added) this.memory.removed.add(id);
    this.#forget(id);
    log.info({ credential: id }, 'a credential was removed');
    changed(surface);
    storedAnew();
    return added ? null : 'It is still in the configuration, and is back after the next start.';
  }

  setEnabled(ref: string, enabled: boolean): CredentialInfo {
    const { id, surface } = this.#find(ref);
    this.#parts.pool.setEnabled(id, enabled);
    this.#parts.changed(surface);
    this.#parts.log.info({ credential: id }, enabled ? 'a credential was enabled' : 'a credential was disabled');
    return this.#info(id);
  }

  /** Ends every rest by hand. */
  clear(ref: string): CredentialInfo {
    const { id, surface } = this.#find(ref);
    this.#parts.pool.clear(id);
    this.#parts.changed(surface);
    this.#parts.log.info({ credential: id }, 'the rests of a credential were cleared');
    return this.#info(id);
  }

  /** Asks the surface; success ends every rest. Throws what the surface says. */
  async test(ref: string): Promise<CredentialInfo> {
    const { pool, ask, changed } = this.#parts;
    const { id, surface } = this.#find(ref);
    const wasUsable = pool.isUsable(id);
    await pool.test(id, (credential) => ask(credential));
    if (!wasUsable) changed(surface);
    return this.#info(id);
  }

  #drop(rows: ReadonlySet<string>): Set<string> {
    const surfaces = new Set<string>();
    for (const [id, { surface, row }] of this.memory.added) {
      if (row === undefined || rows.has(row)) continue;
      this.#forget(id);
      surfaces.add(surface);
    }
    return surfaces;
  }

  #forget(id: string): void {
    this.memory.added.delete(id);
    this.#parts.pool.remove(id);
    this.#parts.forget(id);
  }

  #take(added: Added): string {
    const credential = this.#lend(added);
    this.memory.added.set(credential.id, added);
    return credential.id;
  }

  #lend({ surface, settings }: Added): Credential {
    const configured = this.#surface(surface);
    const credential = configured && credentialOf(configured, settings);
    if (!credential) throw new GatewayError('invalid_request', { message: `There is no surface ${surface}.` });
    if (!this.#parts.pool.find(credential.id)) this.#parts.pool.add(credential);
    return credential;
  }

  async #stored(
    surface: string,
    settings: unknown,
  ): Promise<{ readonly row: string | undefined; readonly text: string | null }> {
    const { store, log } = this.#parts;
    const memoryOnly = (why: string) => ({
      row: undefined,
      text: `It is kept in memory until the gateway ends: ${why}.`,
    });
    if (store.obstacle !== undefined) return memoryOnly(store.obstacle);
    const id = randomUUID();
    try {
      await store.add({ id, surface, settings });
      return { row: id, text: null };
    } catch (thrown) {
      const { code, message } = GatewayError.from(thrown);
      log.warn({ code, why: message }, 'an added credential could not be stored');
      return memoryOnly(message.replace(/\.$/, ''));
    }
  }

  #surface(id: string): Config['surfaces'][string] | undefined {
    const { surfaces } = this.#parts.config;
    const configured = Object.hasOwn(surfaces, id) ? surfaces[id] : undefined;
    return configured?.enabled === true ? configured : undefined;
  }

  #isKnown(surface: string, { secret }: CredentialSettings): boolean {
    return this.#parts.pool.all(surface).some((other) => other.secret.reveal() === secret.reveal());
  }

  #find(ref: string): { readonly id: string; readonly surface: string } {
    const all = this.#infos();
    const found = all.filter(({ id }) => id === ref);
    const named = found.length > 0 ? found : all.filter(({ name }) => name === ref);
    const [one, other] = named;
    if (one && !other) return one;
    const hint = `There are: ${all.map(({ name }) => name).join(', ') || 'none'}.`;
    if (one)
      throw new GatewayError('invalid_request', { message: `"${ref.slice(0, 100)}" names several credentials.`, hint });
    throw new GatewayError('not_found', { message: `There is no credential "${ref.slice(0, 100)}".`, hint });
  }

  #names(): ReadonlySet<string> {
    return new Set(this.#infos().map(({ name }) => name));
  }

  #infos(): readonly CredentialInfo[] {
    const { pool, quotas, clock } = this.#parts;
    return credentialInfos(pool.view(), {
      now: clock.now(),
      quotaOf(id) {
        const credential = pool.find(id);
        return credential && quotas.of(credential);
      },
      sourceOf: (id) => {
        const added = this.memory.added.get(id);
        if (!added) return 'configuration';
        return added.row === undefined ? 'memory' : 'stored';
      },
    });
  }

  #info(id: string): CredentialInfo {
    const info = this.#infos().find((one) => one.id === id);
    if (!info) throw new GatewayError('not_found', { message: `There is no credential "${nameOf(id)}".` });
    return info;
  }
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new GatewayError('invalid_request', { message: 'A credential is an object such as { surface, key }.' });
}
