import type { Listener } from '../coordination.ts';

/** Who listens to which channel in this process. */
export class Listeners {
  readonly #channels = new Map<string, Set<Listener>>();

  /** True if it is the first one of its channel. */
  add(channel: string, listener: Listener): boolean {
    const listeners = this.#channels.get(channel) ?? new Set();
    listeners.add(listener);
    this.#channels.set(channel, listeners);
    return listeners.size === 1;
  }

  /** True if it was the last one of its channel. */
  remove(channel: string, listener: Listener): boolean {
    const listeners = this.#channels.get(channel);
    if (listeners?.delete(listener) !== true || listeners.size > 0) return false;
    this.#channels.delete(channel);
    return true;
  }

  channels(): readonly string[] {
    return [...this.#channels.keys()];
  }

  tell(channel: string, message: string): void {
    for (const listener of this.#channels.get(channel) ?? []) listener.message(message);
  }

  tellGap(): void {
    for (const listeners of this.#channels.values()) for (const listener of listeners) listener.gap();
  }
}
