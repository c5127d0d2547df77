import type { Migration } from '../migration.ts';

/** Renewed tokens of the web chat, which the replicas of a fleet share. */
export const webTokens: Migration = {
  id: '0008-web-tokens',
  async up(db) {
    await db.schema
      .createTable('web_tokens')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('sealed', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },
};
