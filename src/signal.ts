/**
 * Tells that nobody waits for an answer any more. The part of the web's AbortSignal that the gateway listens to: each of
 * those is one of these, and making one costs a request as much as its routing does.
 */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A Signal that is given once. Listeners are called once, in the order in which they came. */
export class Departure implements Signal {
  aborted = false;
  #first: (() => void) | undefined;
  #others: (() => void)[] | undefined;

  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.#first === undefined) this.#first = listener;
    else if (this.#others === undefined) this.#others = [listener];
    else this.#others.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    if (this.#first === listener) this.#first = this.#others?.shift();
    else if (this.#others) this.#others = this.#others.filter((other) => other !== listener);
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    const listeners = this.#first ? [this.#first, ...(this.#others ?? [])] : [];
    this.#first = undefined;
    this.#others = undefined;
    for (const listener of listeners) listener();
  }
}

/** For what takes nothing else: `fetch`, `AbortSignal.any`. */
export function toAbortSignal(signal: Signal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  if (signal.aborted) return AbortSignal.abort();
  const controller = new AbortController();
  signal.addEventListener('abort', () => controller.abort(), { once: true });
  return controller.signal;
}
