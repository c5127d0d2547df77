import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RecordedCall } from './calls.ts';

/** Thrown to unwind when the client has gone. Nobody is left to be answered. */
export class HangUp extends Error {
  override readonly name = 'HangUp';
}

/** One HTTP request and the means to answer it: back-pressure, waiting and hanging up in one place. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly call: RecordedCall;
  /** The path after the surface's prefix, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Aborts when the connection is gone, whoever closed it. */
  readonly gone: AbortSignal;
  #raw: Buffer = Buffer.alloc(0);

  constructor(request: IncomingMessage, response: ServerResponse, call: RecordedCall, path: string) {
    this.request = request;
    this.response = response;
    this.call = call;
    this.path = path;
    this.query = new URL(request.url ?? '/', 'http://simulator').searchParams;
    const controller = new AbortController();
    this.gone = controller.signal;
    response.on('finish', () => {
      call.finished = true;
    });
    response.on('close', () => {
      if (!call.finished && !call.severed) call.aborted = true;
      controller.abort();
    });
    response.setHeader('x-msh-trace-id', randomBytes(16).toString('hex'));
    response.setHeader('msh-request-id', randomUUID());
  }

  get raw(): Buffer {
    return this.#raw;
  }

  /** Reads the whole body; beyond the limit it reads on, keeps nothing and returns false, so that the client hears the answer. */
  async readBody(limit: number): Promise<boolean> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    }
    if (size > limit) return false;
    this.#raw = Buffer.concat(chunks);
    this.call.setBody(this.#raw);
    return true;
  }

  begin(status: number, headers: Readonly<Record<string, string>>): void {
    this.call.status = status;
    this.response.writeHead(status, headers);
  }

  sendJson(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const text = JSON.stringify(body);
    const type = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
    };
    this.begin(status, { ...type, ...headers });
    this.response.end(text);
  }

  /** Resolves when the socket takes more. */
  async write(chunk: string | Buffer): Promise<void> {
    this.#check();
    if (this.response.write(chunk)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.response.off('drain', done);
        this.gone.removeEventListener('abort', done);
        resolve();
      };
      this.response.once('drain', done);
      this.gone.addEventListener('abort', done);
    });
    this.#check();
  }

  /** Waits in real time, or until the client goes. */
  async sleep(ms: number): Promise<void> {
    this.#check();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.gone.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.gone.addEventListener('abort', done);
    });
    this.#check();
  }

  /** Says nothing more until the client goes. */
  async silence(): Promise<never> {
    if (!this.gone.aborted) {
      await new Promise((resolve) => this.gone.addEventListener('abort', resolve, { once: true }));
    }
    throw new HangUp();
  }

  /** Destroys the socket as a dying server does; what was written before is let out first. */
  async sever(): Promise<never> {
    this.call.severed = true;
    await new Promise((resolve) => setImmediate(resolve));
    this.response.destroy();
    throw new HangUp();
  }

  #check(): void {
    if (this.gone.aborted) throw new HangUp();
  }
}
