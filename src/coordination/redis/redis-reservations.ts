import type { Clock } from '../../clock.ts';
import type { Demand, Reservation } from '../coordination.ts';
import type { RedisConnection } from './redis-connection.ts';
import { RedisSlots } from './redis-slots.ts';
import { amountOf, demandArguments, END, RESERVE } from './reserve-script.ts';

/** What is taken by this process, counted on the server. */
export class RedisReservations {
  readonly #connection: RedisConnection;
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #slots: RedisSlots;

  constructor(connection: RedisConnection, clock: Clock, prefix: string) {
    this.#connection = connection;
    this.#clock = clock;
    this.#prefix = prefix;
    this.#slots = new RedisSlots(connection, clock);
  }

  close(): void {
    this.#slots.close();
  }

  /** Throws where the server cannot be asked. */
  async reserve(demands: readonly Demand[]): Promise<Reservation> {
    const keys = demands.map(({ kind, key }) => `${this.#prefix}${kind}:${key}`);
    const member = `${process.pid}-${this.#clock.id()}`;
    const args = [member, ...demands.flatMap((demand) => demandArguments(demand, amountOf(demand)))];
    const reply = (await this.#connection.run(RESERVE, keys, args)) as readonly number[];
    const [granted, denied = 0, retryAfterMs = 0, takenAt = 0] = reply;
    const levels = demands.map((_, index) => ({ used: reply[4 + index * 2] ?? 0, resetMs: reply[5 + index * 2] ?? 0 }));
    if (granted !== 1) return { granted: false, levels, denied: denied - 1, retryAfterMs };
    const slots = keys.filter((_, index) => demands[index]?.kind === 'slot');
    if (slots.length > 0) this.#slots.hold(member, slots);
    let ended = false;
    return {
      granted: true,
      levels,
      end: async (amounts = []) => {
        if (ended) return;
        ended = true;
        this.#slots.letGo(member);
        const corrections = demands.flatMap((demand, index) =>
          demandArguments(demand, (amounts[index] ?? amountOf(demand)) - amountOf(demand)),
        );
        // What cannot be given back expires, and what cannot be corrected stays as it was reserved.
        await this.#connection.run(END, keys, [member, String(takenAt), ...corrections]).catch(() => {});
      },
    };
  }
}
