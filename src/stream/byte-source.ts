import { Round } from '../round.ts';
import { copiedTogether, type Join } from './join-pieces.ts';

/** What feeds a ByteSource: it can be told to wait, to go on, and to stop for good. */
export interface Tap {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** Who waits for all of it. */
interface Whole {
  readonly limit: number;
  readonly tooLarge: () => Error;
  resolve(bytes: Buffer): void;
  reject(reason: Error | undefined): void;
}

/** What all sources have to deliver. */
const round = new Round();

/** How much may lie unread before the producer is told to wait, bytes. */
const HIGH_WATER = 128 * 1024;

/**
 * Bytes on their way from a producer that calls to a consumer that iterates.
 *
 * All that arrived since the last step comes as one buffer: pieces that came in one read of the socket are thereby
 * joined, and leave in one write, which costs less than half per chunk of a busy stream. A consumer that does not keep
 * up makes the producer wait; one that stops iterating aborts it.
 */
export class ByteSource implements AsyncIterableIterator<Buffer> {
  /** Set by the producer once it can be reached. */
  tap: Tap | undefined;
  paused = false;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #ended = false;
  #released = false;
  #failure: Error | undefined;
  #waiter: PromiseWithResolvers<IteratorResult<Buffer>> | undefined;
  #settling = false;
  #whole: Whole | undefined;
  readonly #join: Join;

  /** `join`: how the pieces of one step are made one buffer. */
  constructor(join: Join = copiedTogether) {
    this.#join = join;
  }

  push(piece: Buffer): void {
    if (this.#ended || this.#released) return;
    this.#queue.push(piece);
    this.#queuedBytes += piece.length;
    if (this.#whole) {
      if (this.#queuedBytes > this.#whole.limit) this.#refuse(this.#whole);
      return;
    }
    if (this.#queuedBytes > HIGH_WATER && !this.paused) {
      this.paused = true;
      this.tap?.pause();
    }
    this.#settleSoon();
  }

  end(): void {
    this.#ended = true;
    const whole = this.#whole;
    if (whole) round.join(() => this.#settleWhole(whole));
    else this.#settleSoon();
  }

  /** What was pushed before is still delivered. */
  fail(reason: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = reason;
    if (this.#whole) this.#settleWhole(this.#whole);
    else this.#settleSoon();
  }

  /** All that is still to come, as one buffer, without a step for each piece. Throws what `tooLarge` makes beyond `limit`. */
  whole(limit: number, tooLarge: () => Error): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#whole = { limit, tooLarge, resolve, reject };
    if (this.#queuedBytes > limit) this.#refuse(this.#whole);
    else if (this.#ended) this.#settleWhole(this.#whole);
    else if (this.paused) this.#goOn();
    return promise;
  }

  get finished(): boolean {
    return this.#ended;
  }

  next(): Promise<IteratorResult<Buffer>> {
    if (this.#queue.length > 0) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#ended) return this.#close();
    this.#waiter = Promise.withResolvers<IteratorResult<Buffer>>();
    return this.#waiter.promise;
  }

  /** The consumer has what it needs and the rest may end by itself, so that the connection can be used again. */
  release(): void {
    this.#released = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    if (this.paused) this.#goOn();
  }

  /** The consumer has enough: the producer is aborted, unless it had finished or the rest was released. */
  async return(): Promise<IteratorResult<Buffer>> {
    if (!this.#ended && !this.#released) {
      this.#ended = true;
      this.tap?.abort(new Error('the reader stopped reading'));
    }
    this.#queue = [];
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** By then all pieces of one read of the socket are there. */
  #settleSoon(): void {
    if (this.#settling || this.#waiter === undefined) return;
    this.#settling = true;
    round.join(() => {
      this.#settling = false;
      const waiter = this.#waiter;
      this.#waiter = undefined;
      if (this.#queue.length > 0) waiter?.resolve({ done: false, value: this.#take() });
      else if (this.#failure) waiter?.reject(this.#takeFailure());
      else waiter?.resolve({ done: true, value: undefined });
    });
  }

  #take(): Buffer {
    const queue = this.#queue;
    const bytes = this.#join(queue, this.#queuedBytes);
    this.#queue = [];
    this.#queuedBytes = 0;
    if (this.paused) this.#goOn();
    return bytes;
  }

  #goOn(): void {
    this.paused = false;
    this.tap?.resume();
  }

  #refuse({ tooLarge, reject }: Whole): void {
    const error = tooLarge();
    reject(error);
    void this.return();
  }

  #settleWhole({ resolve, reject }: Whole): void {
    if (this.#failure) reject(this.#takeFailure());
    else resolve(this.#take());
  }

  #close(): Promise<IteratorResult<Buffer>> {
    if (this.#failure) return Promise.reject(this.#takeFailure());
    return Promise.resolve({ done: true, value: undefined });
  }

  #takeFailure(): Error | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }
}

/** All the bytes of a source; `tooLarge` makes the error for more than `limit` bytes. */
export function collect(source: AsyncIterable<Buffer>, limit: number, tooLarge: () => Error): Promise<Buffer> {
  return source instanceof ByteSource ? source.whole(limit, tooLarge) : collectPieces(source, limit, tooLarge);
}

async function collectPieces(source: AsyncIterable<Buffer>, limit: number, tooLarge: () => Error): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    if (size > limit) throw tooLarge();
    pieces.push(piece);
  }
  return copiedTogether(pieces, size);
}
