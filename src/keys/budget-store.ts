import type { RawBuilder, Sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { Periods } from './periods.ts';

/** What a key has spent, and what its calls under way may still come to; billionths of a dollar. */
export interface Spent {
  readonly day: string;
  readonly dayNano: number;
  readonly month: string;
  readonly monthNano: number;
  readonly heldNano: number;
}

/** The most that may be spent and held; Infinity: not limited. */
export interface BudgetLimits {
  readonly dayNano: number;
  readonly monthNano: number;
}

/** What was set aside, and in which hour. */
export interface Held {
  readonly nano: number;
  readonly generation: number;
}

/** What a process that died had set aside is free again after one to two of these. */
const GENERATION_MS = 3_600_000;
/** A number that no sum reaches, for both engines. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/**
 * The sums in the database. Each change is one statement, so that it holds exactly over replicas: what one has read can
 * never be what another has changed meanwhile.
 */
export class BudgetStore {
  readonly #database: Database;
  readonly #begun = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Sets `nano` aside if it fits; `held` is undefined if it does not. */
  async hold(
    id: string,
    nano: number,
    limits: BudgetLimits,
    now: number,
    periods: Periods,
  ): Promise<{ readonly held: Held | undefined; readonly spent: Spent }> {
    const generation = Math.floor(now / GENERATION_MS);
    if (!this.#begun.has(id)) await this.#begin(id, generation, periods);
    const row = await this.#database.use((db, sql) => {
      const now_ = rotated(sql, generation, periods);
      const fits = (sum: RawBuilder<number>, limit: number) =>
        sql<boolean>`${sum} + ${now_.held} + ${now_.heldBefore} + ${whole(sql, nano)} <= ${whole(sql, Math.min(limit, NO_LIMIT))}`;
      return db
        .updateTable('key_budgets')
        .set({ ...columns(now_), held_nano: sql`${now_.held} + ${whole(sql, nano)}` })
        .where('id', '=', id)
        .where(fits(now_.dayNano, limits.dayNano))
        .where(fits(now_.monthNano, limits.monthNano))
        .returningAll()
        .executeTakeFirst();
    });
    if (row) return { held: { nano, generation: row.generation }, spent: toSpent(row, periods) };
    const spent = await this.read(id, periods);
    if (spent) return { held: undefined, spent };
    // Forgotten by somebody meanwhile.
    this.#begun.delete(id);
    return this.hold(id, nano, limits, now, periods);
  }

  /** Writes down what was spent and gives back what was held for it. */
  async spend(id: string, nano: number, held: Held | undefined, now: number, periods: Periods): Promise<Spent> {
    const generation = Math.floor(now / GENERATION_MS);
    if (!this.#begun.has(id)) await this.#begin(id, generation, periods);
    const row = await this.#database.use((db, sql) => {
      const now_ = rotated(sql, generation, periods);
      const back = (age: number, from: RawBuilder<number>) => {
        if (held === undefined) return from;
        const left = sql`${from} - ${whole(sql, held.nano)}`;
        const isOf = sql`${now_.generation} = ${whole(sql, held.generation + age)}`;
        return sql<number>`case when ${isOf} then (case when ${left} > 0 then ${left} else 0 end) else ${from} end`;
      };
      return db
        .updateTable('key_budgets')
        .set({
          ...columns(now_),
          day_nano: sql`${now_.dayNano} + ${whole(sql, nano)}`,
          month_nano: sql`${now_.monthNano} + ${whole(sql, nano)}`,
          held_nano: back(0, now_.held),
          held_before_nano: back(1, now_.heldBefore),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
    });
    if (!row) this.#begun.delete(id);
    return row ? toSpent(row, periods) : { ...periods, dayNano: nano, monthNano: nano, heldNano: 0 };
  }

  async read(id: string, periods: Periods): Promise<Spent | undefined> {
    const row = await this.#database.use((db) =>
      db.selectFrom('key_budgets').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && toSpent(row, periods);
  }

  async #begin(id: string, generation: number, { day, month }: Periods): Promise<void> {
    const empty = { day_nano: 0, month_nano: 0, held_nano: 0, held_before_nano: 0 };
    await this.#database.use((db) =>
      db
        .insertInto('key_budgets')
        .values({ id, day, month, generation, ...empty })
        .onConflict((on) => on.column('id').doNothing())
        .execute(),
    );
    this.#begun.add(id);
  }
}

/** A number as both engines take it for a whole one wherever it stands. */
const whole = (sql: Sql, value: number) => sql<number>`cast(${value} as bigint)`;

/** The columns as they are now: the sums of a day that is over count no more, nor does what was held two hours ago. */
function rotated(sql: Sql, generation: number, { day, month }: Periods) {
  const is = whole(sql, generation);
  const before = whole(sql, generation - 1);
  return {
    // A clock that is behind does not bring yesterday back.
    day: sql<string>`case when day < ${day} then ${day} else day end`,
    dayNano: sql<number>`(case when day < ${day} then 0 else day_nano end)`,
    month: sql<string>`case when month < ${month} then ${month} else month end`,
    monthNano: sql<number>`(case when month < ${month} then 0 else month_nano end)`,
    held: sql<number>`(case when generation < ${is} then 0 else held_nano end)`,
    heldBefore: sql<number>`(case when generation < ${before} then 0 when generation < ${is} then held_nano else held_before_nano end)`,
    generation: sql<number>`(case when generation < ${is} then ${is} else generation end)`,
  };
}

function columns({ day, dayNano, month, monthNano, held, heldBefore, generation }: ReturnType<typeof rotated>) {
  return {
    day,
    day_nano: dayNano,
    month,
    month_nano: monthNano,
    held_nano: held,
    held_before_nano: heldBefore,
    generation,
  };
}

interface Row {
  readonly day: string;
  readonly day_nano: number;
  readonly month: string;
  readonly month_nano: number;
  readonly held_nano: number;
  readonly held_before_nano: number;
}

function toSpent(row: Row, { day, month }: Periods): Spent {
  return {
    day: row.day,
    dayNano: row.day < day ? 0 : row.day_nano,
    month: row.month,
    monthNano: row.month < month ? 0 : row.month_nano,
    heldNano: row.held_nano + row.held_before_nano,
  };
}
