import type { Migration } from '../migration.ts';

/** The keys that are issued at run time, and what every key has spent. */
export const inboundKeys: Migration = {
  id: '0003-inbound-keys',
  async up(db) {
    await db.schema
      .createTable('inbound_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('digest', 'text', (column) => column.notNull().unique())
      .addColumn('last4', 'text', (column) => column.notNull())
      .addColumn('previous_digest', 'text')
      .addColumn('previous_last4', 'text')
      .addColumn('previous_until', 'bigint')
      .addColumn('rules', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('rotated_at', 'bigint')
      .addColumn('revoked_at', 'bigint')
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('inbound_keys_previous').on('inbound_keys').column('previous_digest').execute();
    await db.schema
      .createTable('key_budgets')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('day_nano', 'bigint', (column) => column.notNull())
      .addColumn('month', 'text', (column) => column.notNull())
      .addColumn('month_nano', 'bigint', (column) => column.notNull())
      .addColumn('held_nano', 'bigint', (column) => column.notNull())
      .addColumn('held_before_nano', 'bigint', (column) => column.notNull())
      .addColumn('generation', 'bigint', (column) => column.notNull())
      .execute();
  },
};
