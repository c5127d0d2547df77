/** What is kept of the log in memory. */
const KEPT_BYTES = 1024 * 1024;

/** Reads on; ends when the log does or the signal says so. */
interface Follower {
  readonly lines: string[];
  bytes: number;
  lost: number;
  wake: (() => void) | undefined;
}

/**
 * The last lines of the log, for `moongate logs`: as they are written, so redacted. It gets them in the batches in which
 * they go out, and keeps a bounded amount; a follower that reads too slowly loses the oldest.
 */
export class LogTail {
  readonly #batches: (string | Buffer)[] = [];
  #bytes = 0;
  #isClosed = false;
  readonly #followers = new Set<Follower>();

  /** One or more whole lines; bytes are UTF-8. */
  write(batch: string | Buffer): void {
    this.#batches.push(batch);
    this.#bytes += batch.length;
    while (this.#bytes > KEPT_BYTES && this.#batches.length > 1) this.#bytes -= this.#batches.shift()?.length ?? 0;
    for (const follower of this.#followers) hand(batch.toString(), follower);
  }

  /** The last lines, the oldest first, each with its line feed. */
  last(count: number): readonly string[] {
    const lines = this.#batches.join('').split(/(?<=\n)/);
    return count === 0 ? [] : lines.filter((line) => line !== '').slice(-count);
  }

  /** What is written from now on. */
  follow(signal: AbortSignal): AsyncGenerator<string> {
    const follower: Follower = { lines: [], bytes: 0, lost: 0, wake: undefined };
    this.#followers.add(follower);
    signal.addEventListener('abort', () => follower.wake?.(), { once: true });
    return this.#read(follower, signal);
  }

  /** Every follower gets the rest, and its end. */
  close(): void {
    this.#isClosed = true;
    for (const { wake } of this.#followers) wake?.();
  }

  async *#read(follower: Follower, signal: AbortSignal): AsyncGenerator<string> {
    try {
      for (;;) {
        const text = taken(follower);
        if (text !== '') yield text;
        else if (this.#isClosed || signal.aborted) return;
        else await new Promise<void>((woken) => (follower.wake = woken));
      }
    } finally {
      this.#followers.delete(follower);
    }
  }
}

function hand(batch: string, follower: Follower): void {
  follower.lines.push(batch);
  follower.bytes += batch.length;
  while (follower.bytes > KEPT_BYTES && follower.lines.length > 1) {
    const dropped = follower.lines.shift()?.length ?? 0;
    follower.bytes -= dropped;
    follower.lost += dropped;
  }
  follower.wake?.();
}

function taken(follower: Follower): string {
  const { lost } = follower;
  const told = lost === 0 ? '' : `${JSON.stringify({ level: 'warn', msg: `${lost} bytes of the log left out` })}\n`;
  const text = told + follower.lines.join('');
  follower.lines.length = 0;
  follower.bytes = 0;
  follower.lost = 0;
  return text;
}
