import type { ToolCall } from '../../chat/chat.ts';

/** `Shell:58`, `functions.read:0`, `call_2`: what stands before the number, and the number. */
const NUMBERED = /^(.*[:_])(\d{1,9})$/s;

/**
 * Gives out the ids of a history in order. An id stays as it is where that is possible: K2.6 copies the pattern that it
 * sees (openclaw/openclaw PR 70030). A later duplicate gets the next free number, which depends on nothing that comes
 * behind it, so that a growing history keeps its names and with them its prefix in the cache.
 */
export class UniqueCallIds {
  readonly #taken = new Set<string>();
  /** The last number given out behind each beginning, so that many duplicates do not count from the start each time. */
  readonly #last = new Map<string, number>();

  next(call: ToolCall): string {
    const { id, function: target } = call;
    const wish = typeof id === 'string' && id !== '' ? id : `${target?.name ?? 'call'}:0`;
    const given = this.#taken.has(wish) ? this.#free(wish) : wish;
    this.#taken.add(given);
    return given;
  }

  #free(wish: string): string {
    const [, prefix = `${wish}_`, digits = '1'] = NUMBERED.exec(wish) ?? [];
    let number = Math.max(Number(digits), this.#last.get(prefix) ?? 0) + 1;
    while (this.#taken.has(`${prefix}${number}`)) number++;
    this.#last.set(prefix, number);
    return `${prefix}${number}`;
  }
}
