import type { Kysely, SelectQueryBuilder, Sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { Schema } from '../storage/schema.ts';
import { DIMENSIONS, type Dimension, type Filter, type UsageQuery } from './usage-query.ts';

/** What calls came to. */
export interface UsageSums {
  readonly requests: number;
  readonly failed: number;
  readonly tokens_in: number;
  readonly tokens_cached: number;
  readonly tokens_out: number;
  readonly tokens_reasoning: number;
  /** By currency; what has no known price is not in it. */
  readonly cost: Readonly<Record<string, number>>;
  /** Calls that used tokens whose price is not known. */
  readonly unpriced: number;
  /** Means, milliseconds. */
  readonly first_ms: number | null;
  readonly total_ms: number | null;
}

/** The dimensions come first, under their names; times as ISO moments. */
export type UsageRow = UsageSums & Readonly<Record<Dimension, string | number | null>>;

export interface UsageReport {
  readonly since: string;
  readonly until: string;
  readonly by: readonly Dimension[];
  readonly rows: readonly UsageRow[];
  readonly totals: UsageSums;
  /** There are more groups than are told. */
  readonly truncated: boolean;
}

const MOST_GROUPS = 20_000;
const SPANS: Readonly<Partial<Record<Dimension, number>>> = { hour: 3_600_000, day: 86_400_000 };

export async function usageReport(database: Database, query: UsageQuery): Promise<UsageReport> {
  const groups = await database.use((db, sql) => readGroups(db, sql, query));
  const truncated = groups.length > MOST_GROUPS;
  const rows = new Map<string, Group[]>();
  for (const group of groups.slice(0, MOST_GROUPS)) {
    const key = JSON.stringify(query.by.map((name) => group[`by_${name}`]));
    const same = rows.get(key);
    if (same) same.push(group);
    else rows.set(key, [group]);
  }
  return {
    since: new Date(query.since).toISOString(),
    until: new Date(query.until).toISOString(),
    by: query.by,
    rows: [...rows.values()].map((same) => toRow(same, query)).sort(order(query.by)),
    totals: add(groups),
    truncated,
  };
}

/** The rows of the ledger that a query is about. */
export function selectCalls(
  db: Kysely<Schema>,
  { since, until, filters }: UsageQuery,
): SelectQueryBuilder<Schema, 'ledger', object> {
  let select = db.selectFrom('ledger').where('at', '>=', since).where('at', '<', until);
  for (const [name, value] of Object.entries(filters)) select = select.where(DIMENSIONS[name as Filter], '=', value);
  return select;
}

interface Group {
  readonly requests: number;
  readonly failed: number;
  readonly tokens_in: number | null;
  readonly tokens_cached: number | null;
  readonly tokens_out: number | null;
  readonly tokens_reasoning: number | null;
  readonly cost_nano: number | null;
  readonly currency: string | null;
  readonly priced: number;
  readonly counted: number;
  readonly first_ms: number | null;
  readonly total_ms: number | null;
  readonly [dimension: `by_${string}`]: string | number | null;
}

/** One group for each combination and currency. Both engines take this as it is. */
async function readGroups(db: Kysely<Schema>, sql: Sql, query: UsageQuery): Promise<readonly Group[]> {
  const keys = query.by.map((name) => ({ name: `by_${name}` as const, value: dimension(sql, name, query) }));
  const select = selectCalls(db, query)
    .select(({ fn }) => [
      'currency',
      fn.countAll<number>().as('requests'),
      // Counts skip nulls: an error, a cost and a number of tokens are null where there is none.
      fn.count<number>('error').as('failed'),
      fn.count<number>('cost_nano').as('priced'),
      fn.count<number>('tokens_out').as('counted'),
      fn.sum<number | null>('tokens_in').as('tokens_in'),
      fn.sum<number | null>('tokens_cached').as('tokens_cached'),
      fn.sum<number | null>('tokens_out').as('tokens_out'),
      fn.sum<number | null>('tokens_reasoning').as('tokens_reasoning'),
      fn.sum<number | null>('cost_nano').as('cost_nano'),
      fn.sum<number | null>('first_ms').as('first_ms'),
      fn.sum<number | null>('total_ms').as('total_ms'),
    ])
    .select(keys.map(({ name, value }) => value.as(name)))
    .groupBy(['currency', ...keys.map(({ value }) => value)])
    .limit(MOST_GROUPS + 1);
  return (await select.execute()) as readonly Group[];
}

/** Times are cut by whole numbers, written out: PostgreSQL takes two parameters of equal value for different groups. */
function dimension(sql: Sql, name: Dimension, { utcOffsetMinutes }: UsageQuery) {
  const column = sql.ref<string | number | null>(DIMENSIONS[name]);
  const span = SPANS[name];
  if (span === undefined) return column;
  const offset = sql.lit(utcOffsetMinutes * 60_000);
  return sql<number>`${column} - (${column} + ${offset}) % ${sql.lit(span)}`;
}

function toRow(same: readonly Group[], { by }: UsageQuery): UsageRow {
  const [first] = same;
  const names = by.map((name) => {
    const value = first?.[`by_${name}`] ?? null;
    return [name, SPANS[name] !== undefined && typeof value === 'number' ? new Date(value).toISOString() : value];
  });
  return { ...Object.fromEntries(names), ...add(same) } as UsageRow;
}

function add(groups: readonly Group[]): UsageSums {
  const sum = (value: (group: Group) => number | null) => groups.reduce((all, group) => all + (value(group) ?? 0), 0);
  const requests = sum((group) => group.requests);
  const nanos: Record<string, number> = {};
  for (const { currency, cost_nano } of groups) {
    if (currency !== null) nanos[currency] = (nanos[currency] ?? 0) + (cost_nano ?? 0);
  }
  const mean = (total: number) => (requests === 0 ? null : Math.round((total / requests) * 10) / 10);
  return {
    requests,
    failed: sum(({ failed }) => failed),
    tokens_in: sum(({ tokens_in }) => tokens_in),
    tokens_cached: sum(({ tokens_cached }) => tokens_cached),
    tokens_out: sum(({ tokens_out }) => tokens_out),
    tokens_reasoning: sum(({ tokens_reasoning }) => tokens_reasoning),
    cost: Object.fromEntries(Object.entries(nanos).map(([currency, nano]) => [currency, nano / 1e9])),
    unpriced: sum(({ counted, priced }) => Math.max(0, counted - priced)),
    first_ms: mean(sum(({ first_ms }) => first_ms)),
    total_ms: mean(sum(({ total_ms }) => total_ms)),
  };
}

/** In the order of time where that is asked for, else the busiest first. */
function order(by: readonly Dimension[]): (left: UsageRow, right: UsageRow) => number {
  const time = by.find((name) => SPANS[name] !== undefined);
  const when = (row: UsageRow) => (time === undefined ? '' : String(row[time]));
  const name = (row: UsageRow) => by.map((dimension) => row[dimension]).join(' ');
  return (left, right) =>
    when(left).localeCompare(when(right)) || right.requests - left.requests || name(left).localeCompare(name(right));
}
