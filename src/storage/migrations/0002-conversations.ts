import type { Migration } from '../migration.ts';

/** Conversations under ids that callers choose, and their turns. */
export const conversations: Migration = {
  id: '0002-conversations',
  async up(db) {
    await db.schema
      .createTable('conversations')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('model', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint', (column) => column.notNull())
      .addColumn('turns', 'bigint', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('fence', 'bigint', (column) => column.notNull())
      .addColumn('details', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('conversations_name').on('conversations').columns(['owner', 'name']).unique().execute();
    await db.schema.createIndex('conversations_use').on('conversations').columns(['owner', 'used_at']).execute();
    await db.schema
      .createTable('conversation_turns')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('conversation', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('words', 'text', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('conversation_turns_order')
      .on('conversation_turns')
      .columns(['conversation', 'seq'])
      .unique()
      .execute();
  },
};
