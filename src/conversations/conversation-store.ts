import type { Kysely } from 'kysely';
import { GatewayError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import type { Schema } from '../storage/schema.ts';
import type { Conversation, StoredConversation } from './conversation.ts';
import { toConversation, toConversationRow, toTurn, toTurnRow } from './rows.ts';
import type { Turn } from './turn.ts';
import { searchable } from './words.ts';

/** PostgreSQL and SQLite both take more values in a statement. */
const ROWS = 200;

/** A change of one conversation, made as a whole or not at all. */
export interface Change {
  /** As it is to be; its version is one more than that of the state which the change was made for. */
  readonly conversation: Conversation;
  /** Turns from the first to the last of these places go. */
  readonly drop?: { readonly from: number; readonly to: number } | undefined;
  readonly put: readonly Turn[];
  /** Of the lock under which it is made. */
  readonly fence: number;
}

export interface ListQuery {
  readonly owner: string;
  /** Words that the title, the id or a message has; undefined: all. */
  readonly search: string | undefined;
  /** The id of the last one of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** Those that were not used since are forgotten. */
  readonly since: number;
}

/** Conversations in the database. Nobody is told of another owner's. */
export class ConversationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(owner: string, name: string): Promise<Conversation | undefined> {
    return this.#database.use((db) => findOne(db, owner, name));
  }

  /**
   * With its turns, in their order. Without its lock a change may come between the two statements; then both are read
   * again as of one moment, which costs more.
   */
  async read(owner: string, name: string): Promise<StoredConversation | undefined> {
    const read = await this.#database.use((db) => readOne(db, owner, name));
    if (read === undefined || read.turns.length === read.conversation.turns) return read;
    return this.#database.transaction((transaction) => readOne(transaction, owner, name));
  }

  /**
   * Writes a change if the conversation is still as it was seen. Throws conversation_busy if it is not: then another
   * process has gone on with it, or it was deleted.
   */
  async write({ conversation, drop, put, fence }: Change): Promise<void> {
    const row = toConversationRow(conversation, fence);
    const rows = put.map((turn) => toTurnRow(turn, conversation.id));
    try {
      await this.#database.transaction(async (transaction) => {
        if (row.version === 1) await transaction.insertInto('conversations').values(row).execute();
        else {
          const { id, owner: _, created_at: __, ...state } = row;
          const seen = transaction.updateTable('conversations').set(state).where('id', '=', id);
          const { numUpdatedRows } = await seen
            .where('version', '=', row.version - 1)
            .where('fence', '<=', fence)
            .executeTakeFirst();
          if (numUpdatedRows !== 1n) throw superseded();
        }
        if (drop) {
          await transaction
            .deleteFrom('conversation_turns')
            .where('conversation', '=', row.id)
            .where('seq', '>=', drop.from)
            .where('seq', '<=', drop.to)
            .execute();
        }
        for (let at = 0; at < rows.length; at += ROWS) {
          await transaction
            .insertInto('conversation_turns')
            .values(rows.slice(at, at + ROWS))
            .execute();
        }
      }, 'read committed');
    } catch (cause) {
      throw (await this.#database.isTaken(cause)) ? superseded() : cause;
    }
  }

  /** True if it was there. A turn that is under way is refused at its end. */
  async delete(id: string): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const { numDeletedRows } = await transaction.deleteFrom('conversations').where('id', '=', id).executeTakeFirst();
      await transaction.deleteFrom('conversation_turns').where('conversation', '=', id).execute();
      return numDeletedRows === 1n;
    }, 'read committed');
  }

  /** A page, by their last use. */
  async list({ owner, search, after, limit, order, since }: ListQuery): Promise<readonly Conversation[]> {
    const last = after === undefined ? undefined : await this.find(owner, after);
    if (after !== undefined && last === undefined) {
      throw new GatewayError('invalid_request', {
        message: '`after` is not the id of a conversation.',
        param: 'after',
      });
    }
    const beyond = order === 'desc' ? '<' : '>';
    const rows = await this.#database.use((db, sql) => {
      let query = db.selectFrom('conversations').selectAll().where('owner', '=', owner).where('used_at', '>=', since);
      if (last) {
        query = query.where(({ eb, and, or }) =>
          or([eb('used_at', beyond, last.usedAt), and([eb('used_at', '=', last.usedAt), eb('id', beyond, last.id)])]),
        );
      }
      if (search !== undefined) {
        const pattern = containing(searchable(search));
        const asWritten = containing(search.toWellFormed().replaceAll('\0', ' '));
        // SQLite has no escape character unless it is told one, and makes only ASCII letters small.
        query = query.where(
          sql<boolean>`(lower(title) like ${pattern} escape '\\' or title like ${asWritten} escape '\\' or lower(name) like ${pattern} escape '\\'
            or exists (select 1 from conversation_turns where conversation_turns.conversation = conversations.id
              and words like ${pattern} escape '\\'))`,
        );
      }
      return query.orderBy('used_at', order).orderBy('id', order).limit(limit).execute();
    });
    return rows.map(toConversation);
  }
}

async function findOne(db: Kysely<Schema>, owner: string, name: string): Promise<Conversation | undefined> {
  const row = await db
    .selectFrom('conversations')
    .selectAll()
    .where('owner', '=', owner)
    .where('name', '=', name)
    .executeTakeFirst();
  return row && toConversation(row);
}

async function readOne(db: Kysely<Schema>, owner: string, name: string): Promise<StoredConversation | undefined> {
  const conversation = await findOne(db, owner, name);
  if (conversation === undefined) return undefined;
  const rows = await db
    .selectFrom('conversation_turns')
    .selectAll()
    .where('conversation', '=', conversation.id)
    .orderBy('seq')
    .execute();
  return { conversation, turns: rows.map(toTurn) };
}

/** A pattern of SQL that fits any text with this one in it. */
const containing = (text: string) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;

function superseded(): GatewayError {
  return new GatewayError('conversation_busy', {
    message: 'The conversation was changed by somebody else while this turn was under way; the turn is not remembered.',
    retryAfterMs: 1_000,
  });
}
