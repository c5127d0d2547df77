/**
 * The runs of a stream, and one more behind them. Not a generator, which would cost each run several promises more.
 */
export function followedBy(runs: AsyncIterable<Buffer>, last: Buffer): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => new Followed(runs[Symbol.asyncIterator](), last) };
}

class Followed implements AsyncIterator<Buffer> {
  readonly #runs: AsyncIterator<Buffer>;
  #last: Buffer | undefined;

  constructor(runs: AsyncIterator<Buffer>, last: Buffer) {
    this.#runs = runs;
    this.#last = last;
  }

  next(): Promise<IteratorResult<Buffer>> {
    return this.#last === undefined ? OVER : this.#runs.next().then(this.#orLast, this.#failed);
  }

  async return(): Promise<IteratorResult<Buffer>> {
    this.#last = undefined;
    await this.#runs.return?.();
    return OVER;
  }

  readonly #orLast = (step: IteratorResult<Buffer>): IteratorResult<Buffer> => {
    const last = this.#last;
    if (!step.done || last === undefined) return step;
    this.#last = undefined;
    return { done: false, value: last };
  };

  readonly #failed = (reason: unknown): never => {
    this.#last = undefined;
    throw reason;
  };
}

const OVER: Promise<IteratorResult<Buffer>> = Promise.resolve({ done: true, value: undefined });
