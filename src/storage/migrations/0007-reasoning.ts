import type { Migration } from '../migration.ts';

/** Thoughts before tool calls, which the next turn of a tool loop needs. */
export const reasoning: Migration = {
  id: '0007-reasoning',
  async up(db) {
    await db.schema
      .createTable('reasoning')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('calls', 'text', (column) => column.notNull())
      .addColumn('reasoning', 'text', (column) => column.notNull())
      .addColumn('foreign_key', 'text')
      .addColumn('foreign_json', 'text')
      .addColumn('size', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('reasoning_at').on('reasoning').column('at').execute();
  },
};
