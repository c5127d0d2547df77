import type { Item } from '../chat/responses/index.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../storage/database.ts';
import { isEnded, type ResponseStore, type StoredResponse, type StoreLimits } from './response-store.ts';

/** How often what is too old is looked for. */
const SWEEP_MS = 60_000;
/** Reading a response does not write each time that it was read. */
const USE_MS = 3_600_000;
/** What is deleted at once for want of room; the rest goes with the next one that is put. */
const MOST_DELETED = 100;
/** PostgreSQL and SQLite both take more values in a statement. */
const ROWS = 500;

/** Responses in the database, within the same limits as in memory, for all replicas together. */
export class DatabaseResponseStore implements ResponseStore {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #limits: () => StoreLimits;
  #sweptAt = 0;

  constructor(database: Database, clock: Clock, limits: () => StoreLimits) {
    this.#database = database;
    this.#clock = clock;
    this.#limits = limits;
  }

  async put(stored: StoredResponse): Promise<void> {
    const body = JSON.stringify(stored);
    const size = Buffer.byteLength(body);
    const { keep, bytes } = this.#limits();
    if (keep === 0 || size > bytes) {
      await this.delete(stored.owner, stored.id);
      return;
    }
    const row = {
      id: stored.id,
      owner: stored.owner,
      created_at: stored.createdAt,
      used_at: this.#clock.now(),
      conversation: stored.conversation ?? null,
      ended: isEnded(stored.response) ? 1 : 0,
      bytes: size,
      body,
    };
    const ids = stored.response.output.flatMap(({ id }) => (typeof id === 'string' ? [keyOf(stored.owner, id)] : []));
    const items = [...new Set(ids)].map((id) => ({ id, response_id: stored.id }));
    await this.#database.transaction(async (transaction) => {
      const { id: _, ...state } = row;
      await transaction
        .insertInto('responses')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(state))
        .execute();
      for (let at = 0; at < items.length; at += ROWS) {
        await transaction
          .insertInto('response_items')
          .values(items.slice(at, at + ROWS))
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ response_id: stored.id }))
          .execute();
      }
    });
    await this.#sweep();
    await this.#makeRoom();
  }

  async get(owner: string, id: string): Promise<StoredResponse | undefined> {
    const row = await this.#database.use((db) =>
      db
        .selectFrom('responses')
        .select(['body', 'used_at'])
        .where('id', '=', id)
        .where('owner', '=', owner)
        .where('created_at', '>=', this.#oldest())
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    const now = this.#clock.now();
    if (now - row.used_at >= USE_MS) {
      await this.#database.use((db) =>
        db.updateTable('responses').set({ used_at: now }).where('id', '=', id).execute(),
      );
    }
    return JSON.parse(row.body) as StoredResponse;
  }

  async delete(owner: string, id: string): Promise<boolean> {
    const rows = await this.#database.use((db) =>
      db.selectFrom('responses').select('id').where('id', '=', id).where('owner', '=', owner).execute(),
    );
    await this.#remove(rows.map((row) => row.id));
    return rows.length > 0;
  }

  async newestIn(owner: string, conversation: string): Promise<StoredResponse | undefined> {
    const row = await this.#database.use((db) =>
      db
        .selectFrom('responses')
        .select('id')
        .where('owner', '=', owner)
        .where('conversation', '=', conversation)
        .where('ended', '=', 1)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst(),
    );
    return row && this.get(owner, row.id);
  }

  async items(owner: string, ids: readonly string[]): Promise<ReadonlyMap<string, Item>> {
    const found = new Map<string, Item>();
    const homes = new Set<string>();
    for (let at = 0; at < ids.length; at += ROWS) {
      const keys = ids.slice(at, at + ROWS).map((id) => keyOf(owner, id));
      const rows = await this.#database.use((db) =>
        db.selectFrom('response_items').select('response_id').where('id', 'in', keys).execute(),
      );
      for (const row of rows) homes.add(row.response_id);
    }
    const wanted = new Set(ids);
    for (const home of homes) {
      for (const item of (await this.get(owner, home))?.response.output ?? []) {
        if (typeof item.id === 'string' && wanted.has(item.id)) found.set(item.id, item);
      }
    }
    return found;
  }

  #oldest(): number {
    return this.#clock.now() - this.#limits().age_ms;
  }

  async #remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#database.transaction(async (transaction) => {
      await transaction.deleteFrom('response_items').where('response_id', 'in', ids).execute();
      await transaction.deleteFrom('responses').where('id', 'in', ids).execute();
    });
  }

  async #sweep(): Promise<void> {
    if (this.#clock.now() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = this.#clock.now();
    const old = await this.#database.use((db) =>
      db.selectFrom('responses').select('id').where('created_at', '<', this.#oldest()).limit(ROWS).execute(),
    );
    await this.#remove(old.map(({ id }) => id));
  }

  /** When there is too much, whoever has the most loses what was not used for longest. */
  async #makeRoom(): Promise<void> {
    const { keep, bytes } = this.#limits();
    const owners = await this.#database.use((db) =>
      db
        .selectFrom('responses')
        .select(({ fn }) => ['owner', fn.countAll<number>().as('count'), fn.sum<number>('bytes').as('bytes')])
        .groupBy('owner')
        .execute(),
    );
    let surplus = owners.reduce((sum, owner) => sum + owner.count, 0) - keep;
    let excess = owners.reduce((sum, owner) => sum + owner.bytes, 0) - bytes;
    if (surplus <= 0 && excess <= 0) return;
    const measure = surplus > 0 ? ('count' as const) : ('bytes' as const);
    const [largest] = owners.sort((one, other) => other[measure] - one[measure]);
    if (largest === undefined) return;
    const oldest = await this.#database.use((db) =>
      db
        .selectFrom('responses')
        .select(['id', 'bytes'])
        .where('owner', '=', largest.owner)
        .orderBy('used_at')
        .orderBy('created_at')
        .limit(MOST_DELETED)
        .execute(),
    );
    const gone: string[] = [];
    for (const row of oldest) {
      if (surplus <= 0 && excess <= 0) break;
      gone.push(row.id);
      surplus--;
      excess -= row.bytes;
    }
    await this.#remove(gone);
  }
}

function keyOf(owner: string, item: string): string {
  return JSON.stringify([owner, item]);
}
