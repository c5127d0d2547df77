/**
 * The cheapest honest pass-through that Node can do, a node:http server with undici as its client.
 *
 * The request's body is piped (a small one that came in one piece with its head leaves in one piece with its head); all
 * that arrives of the answer in one read leaves in one write. Nothing is looked at.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';

const [port, origin = ''] = process.argv.slice(2);
const CONNECTIONS = 2_048;
const pool = new Pool(origin, {
  connections: CONNECTIONS,
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 30_000,
});

class Answering implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  #controller: Dispatcher.DispatchController | undefined;
  #pieces: Buffer[] = [];
  #ended = false;
  #scheduled = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('close', () => {
      if (!response.writableFinished) this.#controller?.abort(new Error('the client left'));
    });
    response.on('drain', () => this.#controller?.resume());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...kept } = headers;
    this.#response.writeHead(status, kept);
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#pieces.push(piece);
    this.#flushSoon();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#flushSoon();
  }

  onResponseError(): void {
    this.#response.destroy();
  }

  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const [first] = this.#pieces;
      const bytes = this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
      this.#pieces = [];
      if (this.#ended) this.#response.end(bytes);
      else if (!this.#response.write(bytes)) this.#controller?.pause();
    });
  }
}

function headersOf(request: IncomingMessage): IncomingHttpHeaders {
  const { host: _, connection: __, ...kept } = request.headers;
  return kept;
}

const server = createServer((request, response) => {
  const { method = 'GET', url = '/' } = request;
  const body = method === 'GET' ? null : request;
  pool.dispatch(
    { path: url, method: method as Dispatcher.HttpMethod, headers: headersOf(request), body },
    new Answering(response),
  );
});
server.listen(Number(port), '127.0.0.1', 4_096);
