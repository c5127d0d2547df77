import { expect, test } from 'vitest';
import { TABLES } from '../../src/storage/schema.ts';
import { describeDatabases } from './engines.ts';

describeDatabases('the list of tables', (place) => {
  test('names every table that the migrations make, with a column that orders its rows', async () => {
    const database = (await place()).open();
    const made = await database.use((db) => db.introspection.getTables());
    const columns = new Map(made.map(({ name, columns }) => [name, columns.map((column) => column.name)]));
    columns.delete('migrations');
    expect(TABLES.map(({ name }) => name).sort()).toEqual([...columns.keys()].sort());
    for (const { name, key } of TABLES) expect(columns.get(name)).toContain(key);
  });
});
