import type { Migration } from '../migration.ts';

/** What must survive a restart of the credentials: who rests, and those that were added at run time. */
export const credentials: Migration = {
  id: '0006-credentials',
  async up(db) {
    await db.schema
      .createTable('credential_state')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('credential', 'text', (column) => column.notNull())
      .addColumn('record', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('credential_state_credential').on('credential_state').column('credential').execute();
    await db.schema
      .createTable('stored_credentials')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('surface', 'text', (column) => column.notNull())
      .addColumn('sealed', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },
};
