import type { Migration } from '../migration.ts';

/** What was asked, answered and paid. One row for each call of a model. */
export const ledger: Migration = {
  id: '0001-ledger',
  async up(db) {
    await db.schema
      .createTable('ledger')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('key_name', 'text', (column) => column.notNull())
      .addColumn('protocol', 'text', (column) => column.notNull())
      .addColumn('asked', 'text')
      .addColumn('model', 'text')
      .addColumn('surface', 'text')
      .addColumn('credential', 'text')
      .addColumn('status', 'bigint', (column) => column.notNull())
      .addColumn('error', 'text')
      .addColumn('complete', 'bigint', (column) => column.notNull())
      .addColumn('tokens_in', 'bigint')
      .addColumn('tokens_cached', 'bigint')
      .addColumn('tokens_out', 'bigint')
      .addColumn('tokens_reasoning', 'bigint')
      .addColumn('cost_nano', 'bigint')
      .addColumn('currency', 'text')
      .addColumn('first_ms', 'double precision')
      .addColumn('total_ms', 'double precision', (column) => column.notNull())
      .addColumn('repairs', 'bigint', (column) => column.notNull())
      .addColumn('fallbacks', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('ledger_at').on('ledger').column('at').execute();
    await db.schema
      .createTable('ledger_bodies')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('request', 'text')
      .addColumn('answer', 'text')
      .execute();
    await db.schema.createIndex('ledger_bodies_at').on('ledger_bodies').column('at').execute();
  },
};
