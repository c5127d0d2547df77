import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { type Linked, LinkedList } from '../linked-list.ts';
import { Round } from '../round.ts';
import { Departure } from '../signal.ts';
import { BufferPool } from '../stream/buffer-pool.ts';
import { abandon, type Inbound, type Reply } from './exchange.ts';
import { readNodeBody } from './node-body.ts';
import { streamNodeBody } from './node-upload.ts';
import { refuseGarbage } from './refuse-garbage.ts';

export interface NodeServerOptions {
  readonly clock: Clock;
  /** Milliseconds for a request body to arrive. */
  readonly bodyTimeoutMs: () => number;
  handle(inbound: Inbound): Promise<Reply>;
  /** Called once for each request when its answer has ended, however it ended. */
  finished(inbound: Inbound, reply: Reply, complete: boolean, ms: number): void;
}

export interface NodeServer {
  readonly server: Server;
  /** Refuses new requests, waits for the running ones up to `limitMs`, then breaks what is left. */
  stop(limitMs: number): Promise<void>;
}

/** The requests of all connections. */
const round = new Round();

/** Not imported: that would read every export of node:http, of which one loads Node's own copy of undici, 20 ms of start. */
const { createServer } = process.getBuiltinModule('node:http');

/** The adapter between node:http and the routes: bodies, back-pressure, clients that leave, graceful stop. */
export function createNodeServer(options: NodeServerOptions): NodeServer {
  const running = new LinkedList<NodeExchange>();
  let stopping = false;
  let idle: (() => void) | undefined;

  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 60_000, requestTimeout: 300_000 },
    (request, response) => {
      const exchange = new NodeExchange(request, response, options);
      running.push(exchange);
      response.on('close', () => {
        running.remove(exchange);
        if (running.first === undefined) idle?.();
        if (!response.writableFinished) exchange.signal.abort();
      });
      if (stopping) response.setHeader('connection', 'close');
      // What goes wrong behind the routes costs one connection, never the process.
      round.join(() => void serve(exchange, options).catch(() => response.destroy()));
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answering = [...running].some(({ response }) => response.socket === socket);
    refuseGarbage(error.code, socket as Socket, answering);
  });

  return {
    server,
    async stop(limitMs) {
      stopping = true;
      server.close();
      server.closeIdleConnections();
      for (const { response } of running) if (!response.headersSent) response.setHeader('connection', 'close');
      if (running.first) {
        await new Promise<void>((resolve) => {
          const cancel = options.clock.after(limitMs, resolve);
          idle = () => {
            cancel();
            resolve();
          };
        });
      }
      server.closeAllConnections();
    },
  };
}

async function serve(exchange: NodeExchange, { handle, finished, clock }: NodeServerOptions): Promise<void> {
  const reply = await handle(exchange);
  let complete = false;
  try {
    // Waited for even where it is done: the answers of a round leave first, then they are written down.
    complete = await send(reply, exchange, clock);
  } finally {
    finished(exchange, reply, complete, clock.ticks() - exchange.arrivedAt);
    // Only behind a good answer is it certain that no call to a surface still sends from them.
    if (complete && reply.status === 200) exchange.releaseBuffers();
  }
}

/** The bodies of all requests of the process. */
const buffers = new BufferPool();

/** One request and its answer on a connection. */
class NodeExchange implements Inbound, Linked<NodeExchange> {
  previous: NodeExchange | undefined;
  next: NodeExchange | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly requestId: string;
  readonly arrivedAt: number;
  readonly signal = new Departure();
  readonly #options: NodeServerOptions;
  #lent: Buffer[] | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, options: NodeServerOptions) {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    this.request = request;
    this.response = response;
    this.method = request.method ?? 'GET';
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.query = mark === -1 ? '' : url.slice(mark + 1);
    this.requestId = options.clock.id();
    this.arrivedAt = options.clock.ticks();
    this.#options = options;
  }

  get peer(): string | undefined {
    return this.request.socket.remoteAddress;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  body(limit: number): Promise<Buffer> {
    const { clock, bodyTimeoutMs } = this.#options;
    return readNodeBody(this, { bytes: limit, timeoutMs: bodyTimeoutMs(), clock });
  }

  stream(limit: number): AsyncIterable<Buffer> {
    return streamNodeBody(this, limit, this.#options);
  }

  allocate(size: number): Buffer {
    const buffer = buffers.acquire(size);
    if (this.#lent === undefined) this.#lent = [buffer];
    else this.#lent.push(buffer);
    return buffer;
  }

  releaseBuffers(): void {
    if (this.#lent === undefined) return;
    for (const buffer of this.#lent) buffers.release(buffer);
    this.#lent = undefined;
  }
}

/** Up to here head and body leave as one text in one write; a larger body is not worth copying. */
const ONE_WRITE = 16 * 1024;

/** True if the whole answer was handed over. */
function send(reply: Reply, exchange: NodeExchange, clock: Clock): boolean | Promise<boolean> {
  const { body, headers, status } = reply;
  const { response, signal } = exchange;
  if (signal.aborted) return abandon(body).then(() => false);
  if (body !== undefined && !Buffer.isBuffer(body)) {
    response.writeHead(status, headers);
    return pump(body, reply.keepAlive, exchange, clock);
  }
  headers['content-length'] = String(body?.length ?? 0);
  response.writeHead(status, headers);
  if (body === undefined || exchange.method === 'HEAD') response.end();
  // Latin-1 is every byte as it is.
  else if (body.length <= ONE_WRITE) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
  return true;
}

/** Writes a stream as fast as the client reads it. */
async function pump(
  body: AsyncIterable<Buffer>,
  keepAlive: Reply['keepAlive'],
  { response, signal }: NodeExchange,
  clock: Clock,
): Promise<boolean> {
  const heartbeat = keepAlive && new Heartbeat(keepAlive, response, clock);
  try {
    for await (const piece of body) {
      heartbeat?.wrote();
      if (signal.aborted) return false;
      if (!response.write(piece)) await drained(response);
      if (signal.aborted) return false;
    }
    response.end();
    return true;
  } finally {
    heartbeat?.stop();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/** Writes the keep-alive bytes whenever nothing was written for a while; one timer, looked at, not set anew per chunk. */
class Heartbeat {
  readonly #clock: Clock;
  #wroteAt: number;
  #cancel: () => void = () => {};

  constructor({ everyMs, bytes }: NonNullable<Reply['keepAlive']>, response: ServerResponse, clock: Clock) {
    this.#clock = clock;
    this.#wroteAt = clock.ticks();
    const beat = (ms: number) => {
      this.#cancel = clock.after(ms, () => {
        const silent = clock.ticks() - this.#wroteAt;
        if (silent < everyMs) return beat(everyMs - silent);
        if (!response.writableNeedDrain) response.write(bytes);
        this.wrote();
        beat(everyMs);
      });
    };
    beat(everyMs);
  }

  wrote(): void {
    this.#wroteAt = this.#clock.ticks();
  }

  stop(): void {
    this.#cancel();
  }
}
