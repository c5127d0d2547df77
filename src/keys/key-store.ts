import type { Transaction } from 'kysely';
import { type KeyRules, readKeyRules } from '../config/index.ts';
import type { Database } from '../storage/database.ts';
import type { Schema } from '../storage/schema.ts';
import type { InboundKeyTable } from '../storage/tables/inbound-keys.ts';
import type { IssuedKey } from './inbound-key.ts';

export interface StoredKey {
  readonly key: IssuedKey;
  readonly digest: string;
  readonly previousDigest: string | undefined;
}

/** What a change may write. */
export type KeyChange = Partial<Omit<InboundKeyTable, 'id' | 'revision'>>;

/** The issued keys in the database. */
export class KeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Another one after every change. */
  version(): Promise<{ readonly count: number; readonly text: string }> {
    return this.#database.use(async (db) => {
      const { count, newest } = await db
        .selectFrom('inbound_keys')
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('revision').as('newest')])
        .executeTakeFirstOrThrow();
      return { count, text: `${count}:${newest ?? 0}` };
    });
  }

  async all(): Promise<readonly StoredKey[]> {
    const rows = await this.#database.use((db) =>
      db.selectFrom('inbound_keys').selectAll().orderBy('created_at').orderBy('id').execute(),
    );
    return rows.flatMap((row) => toStored(row) ?? []);
  }

  async byDigest(digest: string): Promise<StoredKey | undefined> {
    const row = await this.#database.use((db) =>
      db
        .selectFrom('inbound_keys')
        .selectAll()
        .where(({ or, eb }) => or([eb('digest', '=', digest), eb('previous_digest', '=', digest)]))
        .executeTakeFirst(),
    );
    return row && toStored(row);
  }

  /** By id or by name. */
  async find(ref: string): Promise<StoredKey | undefined> {
    const rows = await this.#database.use((db) =>
      db
        .selectFrom('inbound_keys')
        .selectAll()
        .where(({ or, eb }) => or([eb('id', '=', ref), eb('name', '=', ref)]))
        .execute(),
    );
    const row = rows.find(({ id }) => id === ref) ?? rows[0];
    return row && toStored(row);
  }

  /** False if there are `most` already. Throws what `Database.isTaken` knows if the name is taken. */
  insert(row: Omit<InboundKeyTable, 'revision'>, now: number, most: number): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const { count } = await transaction
        .selectFrom('inbound_keys')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (count >= most) return false;
      const revision = await nextRevision(transaction, now);
      await transaction
        .insertInto('inbound_keys')
        .values({ ...row, revision })
        .execute();
      return true;
    });
  }

  /** What the key is then; undefined if there is none. `change` sees it as it is. */
  change(id: string, now: number, change: (row: InboundKeyTable) => KeyChange): Promise<StoredKey | undefined> {
    return this.#database.transaction(async (transaction) => {
      const row = await transaction.selectFrom('inbound_keys').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const after = { ...row, ...change(row), revision: await nextRevision(transaction, now) };
      await transaction.updateTable('inbound_keys').set(after).where('id', '=', id).execute();
      return toStored(after);
    });
  }

  forget(id: string): Promise<void> {
    return this.#database.transaction(async (transaction) => {
      await transaction.deleteFrom('inbound_keys').where('id', '=', id).execute();
      await transaction.deleteFrom('key_budgets').where('id', '=', id).execute();
    });
  }

  isTaken(cause: unknown): Promise<boolean> {
    return this.#database.isTaken(cause);
  }
}

/** By the time as well, so that it grows although the row with the largest one was deleted. */
async function nextRevision(transaction: Transaction<Schema>, now: number): Promise<number> {
  const { newest } = await transaction
    .selectFrom('inbound_keys')
    .select(({ fn }) => fn.max('revision').as('newest'))
    .executeTakeFirstOrThrow();
  return Math.max(Number(newest ?? 0) + 1, now * 1_000);
}

/** A row whose rules this version cannot read opens nothing: it could otherwise open too much. */
function toStored(row: InboundKeyTable): StoredKey | undefined {
  const { previous_last4, previous_until } = row;
  const rules = toRules(row.rules);
  if (rules === undefined) return undefined;
  return {
    digest: row.digest,
    previousDigest: row.previous_digest ?? undefined,
    key: {
      id: row.id,
      name: row.name,
      rules,
      last4: row.last4,
      previous:
        previous_last4 === null || previous_until === null
          ? undefined
          : { last4: previous_last4, until: previous_until },
      createdAt: row.created_at,
      rotatedAt: row.rotated_at ?? undefined,
      revokedAt: row.revoked_at ?? undefined,
    },
  };
}

function toRules(text: string): KeyRules | undefined {
  try {
    return readKeyRules(JSON.parse(text));
  } catch {
    return undefined;
  }
}
