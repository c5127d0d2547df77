import type { Kysely, Transaction } from 'kysely';
import { GatewayError } from '../errors.ts';
import type { Database } from './database.ts';
import { type Schema, TABLES, type TableName } from './schema.ts';

const PAGE_ROWS = 500;

export interface MovedTable {
  readonly table: TableName;
  readonly rows: number;
}

/**
 * Copies every table to an empty database. Both sides are one transaction: the copy is of one moment, and it is there as
 * a whole or not at all. Throws `invalid_request` if the target is not empty.
 */
export async function moveStore(
  from: Database,
  to: Database,
  onPage: (table: TableName, rows: number) => void = () => {},
): Promise<readonly MovedTable[]> {
  return to.transaction(async (target) => {
    await checkEmpty(target);
    return from.transaction(async (source) => {
      const moved: MovedTable[] = [];
      for (const { name, key } of TABLES) moved.push(await moveTable({ source, target, name, key, onPage }));
      return moved;
    });
  });
}

async function checkEmpty(target: Transaction<Schema>): Promise<void> {
  for (const { name } of TABLES) {
    const rows = await count(target, name);
    if (rows === 0) continue;
    throw new GatewayError('invalid_request', {
      message: `The target is not empty: ${name} has ${rows} rows. Nothing was copied.`,
      hint: 'Name an empty database. If an earlier copy is there already, set `database` in moongate.yaml to use it.',
    });
  }
}

interface Move {
  readonly source: Transaction<Schema>;
  readonly target: Transaction<Schema>;
  readonly name: TableName;
  readonly key: string;
  readonly onPage: (table: TableName, rows: number) => void;
}

async function moveTable({ source, target, name, key, onPage }: Move): Promise<MovedTable> {
  let rows = 0;
  let last: unknown;
  for (;;) {
    const page = await readPage(source, name, key, last);
    if (page.length > 0) await untyped(target).insertInto(name).values(page).execute();
    rows += page.length;
    onPage(name, rows);
    last = page.at(-1)?.[key];
    if (page.length < PAGE_ROWS) break;
  }
  const [expected, arrived] = [await count(source, name), await count(target, name)];
  if (expected === arrived && arrived === rows) return { table: name, rows };
  throw new GatewayError('internal', {
    message: `${name} has ${expected} rows, and ${arrived} arrived. Nothing was copied.`,
  });
}

type Row = Record<string, unknown>;

/** Tables by their names, whatever their columns are. */
const untyped = (db: Kysely<Schema>) => db as unknown as Kysely<Record<string, Row>>;

function readPage(db: Kysely<Schema>, name: TableName, key: string, last: unknown): Promise<Row[]> {
  const page = untyped(db).selectFrom(name).selectAll().orderBy(key).limit(PAGE_ROWS);
  return (last === undefined ? page : page.where(key, '>', last)).execute();
}

async function count(db: Kysely<Schema>, name: TableName): Promise<number> {
  const { rows } = await untyped(db)
    .selectFrom(name)
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return rows;
}
