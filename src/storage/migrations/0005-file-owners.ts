import type { Migration } from '../migration.ts';

/** In which account a file or a batch lies, and which inbound key made it. */
export const fileOwners: Migration = {
  id: '0005-file-owners',
  async up(db) {
    await db.schema
      .createTable('file_owners')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('surface', 'text', (column) => column.notNull())
      .addColumn('account', 'text', (column) => column.notNull())
      .addColumn('key_name', 'text')
      .addColumn('purpose', 'text')
      .addColumn('filename', 'text')
      .execute();
    await db.schema.createIndex('file_owners_at').on('file_owners').column('at').execute();
  },
};
