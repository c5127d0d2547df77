import type { Migration } from '../migration.ts';

/** Responses that clients fetch and continue, and where the items of their outputs are. */
export const responses: Migration = {
  id: '0004-responses',
  async up(db) {
    await db.schema
      .createTable('responses')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint', (column) => column.notNull())
      .addColumn('conversation', 'text')
      .addColumn('ended', 'bigint', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('responses_size').on('responses').columns(['owner', 'bytes']).execute();
    await db.schema.createIndex('responses_use').on('responses').columns(['owner', 'used_at']).execute();
    await db.schema.createIndex('responses_age').on('responses').column('created_at').execute();
    await db.schema
      .createIndex('responses_conversation')
      .on('responses')
      .columns(['owner', 'conversation', 'created_at'])
      .execute();
    await db.schema
      .createTable('response_items')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('response_id', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('response_items_response').on('response_items').column('response_id').execute();
  },
};
