import type { Inbound, Reply } from './exchange.ts';

/** What a client sent and got, up to a limit; only where the owner stores bodies. */
export class Recording {
  readonly #limit: number;
  #request: string | undefined;
  readonly #answer: Buffer[] = [];
  #answered = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get request(): string | undefined {
    return this.#request;
  }

  get answer(): string | undefined {
    return this.#answer.length === 0 ? undefined : Buffer.concat(this.#answer).toString('utf8');
  }

  /** The same request, whose body is noted when it is read. */
  inbound(inbound: Inbound): Inbound {
    return {
      method: inbound.method,
      path: inbound.path,
      query: inbound.query,
      peer: inbound.peer,
      requestId: inbound.requestId,
      arrivedAt: inbound.arrivedAt,
      signal: inbound.signal,
      header: (name) => inbound.header(name),
      allocate: (size) => inbound.allocate(size),
      // Uploads pass by: they are no calls of a model.
      stream: (limit) => inbound.stream(limit),
      body: async (limit) => {
        const body = await inbound.body(limit);
        this.#request = body.toString('utf8', 0, this.#limit);
        return body;
      },
    };
  }

  /** The same answer, which is noted while it is sent. */
  reply(reply: Reply): Reply {
    const { body } = reply;
    if (body === undefined) return reply;
    if (!Buffer.isBuffer(body)) return { ...reply, body: this.#noted(body) };
    this.#note(body);
    return reply;
  }

  async *#noted(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of body) {
      this.#note(piece);
      yield piece;
    }
  }

  #note(piece: Buffer): void {
    const room = this.#limit - this.#answered;
    if (room <= 0) return;
    this.#answered += piece.length;
    // Copied: the buffer may be used for another answer afterwards.
    this.#answer.push(Buffer.from(piece.subarray(0, room)));
  }
}
