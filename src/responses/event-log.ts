import type { ResponsesEvent } from '../chat/responses/index.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';
import { writeNamedEvent } from '../stream/sse-writer.ts';

/** The most bytes of events that are kept of one response; when there are more, the oldest go. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** The events of a response as they are told, for any number of readers, each from where it wants to begin. */
export class EventLog {
  /** The event with the sequence number n is at n - `#first`. */
  #events: Buffer[] = [];
  #first = 0;
  #bytes = 0;
  #ended = false;
  readonly #waiting = new Set<() => void>();

  add(events: readonly ResponsesEvent[]): void {
    for (const event of events) {
      const bytes = writeNamedEvent(event.type, event);
      this.#events.push(bytes);
      this.#bytes += bytes.length;
    }
    let dropped = 0;
    while (this.#bytes > KEPT_BYTES && dropped < this.#events.length - 1) {
      this.#bytes -= this.#events[dropped++]?.length ?? 0;
    }
    if (dropped > 0) this.#events = this.#events.slice(dropped);
    this.#first += dropped;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Whether the event with this number can still be told. */
  has(sequence: number): boolean {
    return sequence >= this.#first;
  }

  /** The events from this number on, to the end of the response or until the reader leaves. */
  async *read(from: number, signal: Signal): AsyncGenerator<Buffer> {
    let next = from;
    while (!signal.aborted) {
      if (next < this.#first) {
        throw new GatewayError('invalid_request', {
          message: 'The reader was too slow: these events are not kept any more.',
        });
      }
      const events = this.#events.slice(next - this.#first);
      next += events.length;
      if (events.length > 0) yield Buffer.concat(events);
      else if (this.#ended) return;
      else await this.#more(signal);
    }
  }

  #more(signal: Signal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  #wake(): void {
    for (const reader of this.#waiting) reader();
  }
}
