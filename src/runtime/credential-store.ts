import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { KeptRest, PoolState } from '../credentials/pool-state.ts';
import type { Log } from '../log.ts';
import { type Database, databaseTarget } from '../state.ts';
import { keyFromFile, keyFromText, Vault } from '../vault/vault.ts';

/** A credential that was added at run time: the surface, and its settings as they were sent. */
export interface StoredCredential {
  readonly id: string;
  readonly surface: string;
  readonly settings: unknown;
}

const ROWS_AT_ONCE = 200;

/** What of the credentials survives a restart. Nothing is opened where nothing was ever stored. */
export class CredentialStore {
  readonly #database: Database;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #vault: Vault;

  constructor(database: Database, config: Config, clock: Clock, log: Log) {
    this.#database = database;
    this.#config = config;
    this.#clock = clock;
    this.#log = log;
    const { secret_key: key, data } = config;
    this.#vault = new Vault(() =>
      key === undefined ? keyFromFile(join(data, 'secret.key')) : keyFromText(key.reveal()),
    );
  }

  /** Why added credentials cannot be stored; undefined where they can. */
  get obstacle(): string | undefined {
    return this.#database.kind === 'postgres' && this.#config.secret_key === undefined
      ? 'replicas that share a database need the same `secret_key` (MOONGATE_SECRET_KEY), and there is none'
      : undefined;
  }

  async readState(): Promise<PoolState | undefined> {
    if (!this.#exists) return undefined;
    const rows = await this.#database.use((db) => db.selectFrom('credential_state').selectAll().execute());
    const records = rows.flatMap(({ record }) => parsed(record));
    return {
      version: 1,
      credentials: [],
      rests: records.flatMap((record) => ('rest' in record ? [record] : [])),
      disabled: records.flatMap((record) => ('disabled' in record ? [record.credential] : [])),
    };
  }

  /** Replaces what is kept of these credentials; those of other replicas and configurations stay. */
  async writeState({ credentials, rests, disabled }: PoolState): Promise<void> {
    const at = this.#clock.now();
    const records: readonly Kept[] = [
      ...rests,
      ...disabled.map((credential) => ({ credential, disabled: true as const })),
    ];
    const rows = records.map((record) => {
      const { credential } = record;
      const about = 'rest' in record ? record.of : 'disabled';
      return { id: digest(credential, JSON.stringify(about)), credential, record: JSON.stringify(record), at };
    });
    await this.#database.transaction(async (tx) => {
      for (let from = 0; from < credentials.length; from += ROWS_AT_ONCE) {
        const some = credentials.slice(from, from + ROWS_AT_ONCE);
        await tx.deleteFrom('credential_state').where('credential', 'in', some).execute();
      }
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
        await tx
          .insertInto('credential_state')
          .values(rows.slice(from, from + ROWS_AT_ONCE))
          // Another replica may write the same at the same moment.
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet(({ ref }) => ({ record: ref('excluded.record'), at: ref('excluded.at') })),
          )
          .execute();
      }
    });
  }

  async readAdded(): Promise<readonly StoredCredential[]> {
    if (!this.#exists || this.obstacle !== undefined) return [];
    const rows = await this.#database.use((db) =>
      db.selectFrom('stored_credentials').selectAll().orderBy('at').orderBy('id').execute(),
    );
    return rows.flatMap(({ id, surface, sealed }) => {
      const text = this.#vault.open(sealed, about(id, surface));
      if (text !== undefined) return [{ id, surface, settings: JSON.parse(text) as unknown }];
      this.#log.error({ surface, id }, 'a stored credential cannot be decrypted: the key is another one');
      return [];
    });
  }

  async add({ id, surface, settings }: StoredCredential): Promise<void> {
    const sealed = this.#vault.seal(JSON.stringify(settings), about(id, surface));
    const row = { id, surface, sealed, at: this.#clock.now() };
    await this.#database.use((db) => db.insertInto('stored_credentials').values(row).execute());
  }

  async remove(id: string): Promise<void> {
    await this.#database.use((db) => db.deleteFrom('stored_credentials').where('id', '=', id).execute());
  }

  get #exists(): boolean {
    const target = databaseTarget(this.#config);
    return target.kind === 'postgres' || existsSync(target.path);
  }
}

type Kept = KeptRest | { readonly credential: string; readonly disabled: true };

/** The rows are our own; one that is not is no reason to do without the others. */
function parsed(record: string): readonly Kept[] {
  try {
    return [JSON.parse(record) as Kept];
  } catch {
    return [];
  }
}

const about = (id: string, surface: string) => `${surface}\n${id}`;

const digest = (...parts: readonly string[]) => createHash('sha256').update(parts.join('\n')).digest('base64url');
