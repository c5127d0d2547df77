import type { Clock } from '../clock.ts';
import type { Coordination } from '../coordination/coordination.ts';

/** Who has held no place of an account for so long, and asked in vain, tells the others. */
const STARVED_MS = 300;
/** Told again after this time at the earliest. */
const TOLD_MS = 100;
/** For so long after a call ended, whoever was told leaves its place to the others: longer than the pause in which they ask. */
const LEFT_MS = 80;
const CHANNEL = 'places';

interface Turn {
  /** Places that this process holds. */
  held: number;
  /** Since when it has asked in vain; undefined: it has not. */
  deniedSince: number | undefined;
  toldAt: number;
  /** Another replica has none. */
  isWanted: boolean;
}

/**
 * A place that a call gives back goes to whoever waits in the same process, because that one knows of it at once. So that
 * a replica whose queue never ends does not keep a full account for itself, one that has no place at all says so, and a
 * place is left free for it.
 */
export class SharedTurns {
  readonly #coordination: Coordination;
  readonly #clock: Clock;
  /** By the account's name; those that are used. */
  readonly #turns = new Map<string, Turn>();
  #leave: () => void = () => {};

  constructor(coordination: Coordination, clock: Clock) {
    this.#coordination = coordination;
    this.#clock = clock;
  }

  start(): void {
    this.#leave = this.#coordination.subscribe(CHANNEL, {
      message: (name) => {
        const turn = this.#turns.get(name);
        if (turn) turn.isWanted = turn.held > 0;
      },
      gap: () => {},
    });
  }

  close(): void {
    this.#leave();
  }

  granted(name: string): void {
    const turn = this.#turns.get(name) ?? { held: 0, deniedSince: undefined, toldAt: 0, isWanted: false };
    turn.held++;
    turn.deniedSince = undefined;
    this.#turns.set(name, turn);
  }

  denied(name: string): void {
    const now = this.#clock.ticks();
    const turn = this.#turns.get(name) ?? { held: 0, deniedSince: now, toldAt: 0, isWanted: false };
    this.#turns.set(name, turn);
    turn.deniedSince ??= now;
    const isStarved = turn.held === 0 && now - turn.deniedSince >= STARVED_MS;
    if (!isStarved || now - turn.toldAt < TOLD_MS) return;
    turn.toldAt = now;
    void this.#coordination.publish(CHANNEL, name);
  }

  /** How long this process leaves the place to others, milliseconds. */
  ended(name: string): number {
    const turn = this.#turns.get(name);
    if (!turn) return 0;
    turn.held--;
    const { isWanted } = turn;
    turn.isWanted = false;
    if (turn.held === 0 && turn.deniedSince === undefined) this.#turns.delete(name);
    return isWanted ? LEFT_MS : 0;
  }
}
