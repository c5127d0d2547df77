import { inspect } from 'node:util';

/** Below this length the last four characters would give away too much of the value. */
const SHORTEST_WITH_TAIL = 12;

/**
 * A value that must never be printed. Only `reveal()` gives it away; every other way of looking at it (templates, JSON,
 * util.inspect, Object.entries, structuredClone, spreading) shows a mask or nothing, because the value sits in a
 * private field.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that sends or compares it. */
  reveal(): string {
    return this.#value;
  }

  /** The last four characters, or nothing where the value is short. */
  get last4(): string {
    return this.#value.length < SHORTEST_WITH_TAIL ? '' : this.#value.slice(-4);
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return this.last4 === '' ? '***' : `…${this.last4}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return `Secret(${this.toString()})`;
  }
}
