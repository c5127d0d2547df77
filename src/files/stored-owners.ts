import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { FileOwnerTable } from '../storage/tables/file-owners.ts';
import type { Owner, Owners } from './owners.ts';

/** What was used last is known without asking; an account holds 1,000 files. */
const AT_HAND = 10_000;
/** A year after it was last of use a row goes, and with it whose the file was: for keys it is then nobody's. */
const KEPT_MS = 366 * 86_400_000;
/** A row that was read is written anew if it is older than this, so that what is in use stays. */
const FRESH_MS = 30 * 86_400_000;
const SWEEP_MS = 3_600_000;

/** Owners in the database, so that a restart and every replica knows them. */
export class StoredOwners implements Owners {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #atHand = new LRUCache<string, Owner>({ max: AT_HAND });
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(database: Database, clock: Clock, log: Log) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
  }

  /** Throws storage_unavailable: without the database it is not known whose a file is. */
  async find(id: string): Promise<Owner | undefined> {
    return this.#atHand.get(id) ?? (await this.findAll([id])).get(id);
  }

  async findAll(ids: readonly string[]): Promise<ReadonlyMap<string, Owner>> {
    const found = new Map<string, Owner>();
    const asked = ids.filter((id) => {
      const owner = this.#atHand.get(id);
      if (owner) found.set(id, owner);
      return !owner;
    });
    for (let from = 0; from < asked.length; from += IDS_AT_ONCE) {
      const some = asked.slice(from, from + IDS_AT_ONCE);
      const rows = await this.#database.use((db) =>
        db.selectFrom('file_owners').selectAll().where('id', 'in', some).execute(),
      );
      for (const row of rows) {
        const owner = toOwner(row);
        this.#atHand.set(row.id, owner);
        found.set(row.id, owner);
      }
      await this.#touch(rows);
    }
    return found;
  }

  /** The file is stored, whatever becomes of the note: a failure is told in the log. */
  async remember(id: string, owner: Owner): Promise<void> {
    this.#atHand.set(id, owner);
    const { surface, account, key = null, purpose = null, filename = null } = owner;
    const row = { at: this.#clock.now(), surface, account, key_name: key, purpose, filename };
    await this.#orLogged(() =>
      this.#database.use((db) =>
        db
          .insertInto('file_owners')
          .values({ id, ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute(),
      ),
    );
    await this.#sweep();
  }

  async forget(id: string): Promise<void> {
    this.#atHand.delete(id);
    await this.#orLogged(() => this.#database.use((db) => db.deleteFrom('file_owners').where('id', '=', id).execute()));
  }

  async #touch(rows: readonly FileOwnerTable[]): Promise<void> {
    const now = this.#clock.now();
    const old = rows.filter(({ at }) => now - at > FRESH_MS).map(({ id }) => id);
    if (old.length === 0) return;
    await this.#orLogged(() =>
      this.#database.use((db) => db.updateTable('file_owners').set({ at: now }).where('id', 'in', old).execute()),
    );
  }

  async #sweep(): Promise<void> {
    if (this.#clock.ticks() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = this.#clock.ticks();
    const oldest = this.#clock.now() - KEPT_MS;
    await this.#orLogged(() =>
      this.#database.use((db) => db.deleteFrom('file_owners').where('at', '<', oldest).execute()),
    );
  }

  async #orLogged(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.#log.warn({ err }, 'whose a file is could not be written down');
    }
  }
}

/** Both engines take more; a list may be of ten thousand. */
const IDS_AT_ONCE = 500;

function toOwner({ surface, account, key_name: key, purpose, filename }: FileOwnerTable): Owner {
  return { surface, account, key: key ?? undefined, purpose: purpose ?? undefined, filename: filename ?? undefined };
}
