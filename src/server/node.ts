import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { BufferPool } from '../stream/buffer-pool.ts';
import { abandon, type Inbound, type Reply } from './exchange.ts';
import { readNodeBody } from './node-body.ts';

export interface NodeServerOptions {
  readonly clock: Clock;
  /** Milliseconds for a request body to arrive. */
  readonly bodyTimeoutMs: () => number;
  handle(inbound: Inbound): Promise<Reply>;
  /** Called once for each request when its answer has ended, however it ended. */
  finished(inbound: Inbound, reply: Reply, outcome: { readonly complete: boolean; readonly ms: number }): void;
}

export interface NodeServer {
  readonly server: Server;
  /** Refuses new requests, waits for the running ones up to `limitMs`, then breaks what is left. */
  stop(limitMs: number): Promise<void>;
}

/** The adapter between node:http and the routes: bodies, back-pressure, clients that leave, graceful stop. */
export function createNodeServer(options: NodeServerOptions): NodeServer {
  const running = new Set<ServerResponse>();
  let stopping = false;
  let idle: (() => void) | undefined;

  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 60_000, requestTimeout: 300_000 },
    (request, response) => {
      running.add(response);
      response.on('close', () => {
        running.delete(response);
        if (running.size === 0) idle?.();
      });
      if (stopping) response.setHeader('connection', 'close');
      // What goes wrong behind the routes costs one connection, never the process.
      serve(request, response, options).catch(() => response.destroy());
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answering = [...running].some((response) => response.socket === socket);
    refuseGarbage(error.code, socket as Socket, answering);
  });

  return {
    server,
    async stop(limitMs) {
      stopping = true;
      server.close();
      server.closeIdleConnections();
      for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close');
      if (running.size > 0) {
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

async function serve(request: IncomingMessage, response: ServerResponse, options: NodeServerOptions): Promise<void> {
  const inbound = new NodeInbound(request, response, options);
  const reply = await options.handle(inbound);
  let complete = false;
  try {
    complete = await send(reply, response, inbound.signal, options.clock);
  } finally {
    options.finished(inbound, reply, { complete, ms: options.clock.ticks() - inbound.arrivedAt });
    // Only behind a good answer is it certain that no call to a surface still sends from them.
    if (complete && reply.status === 200) inbound.releaseBuffers();
  }
}

/** The bodies of all requests of the process. */
const buffers = new BufferPool();

class NodeInbound implements Inbound {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly peer: string | undefined;
  readonly requestId: string;
  readonly arrivedAt: number;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: NodeServerOptions;
  readonly #left = new AbortController();
  #lent: Buffer[] | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, options: NodeServerOptions) {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    this.method = request.method ?? 'GET';
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.query = mark === -1 ? '' : url.slice(mark + 1);
    this.peer = request.socket.remoteAddress;
    this.requestId = options.clock.id();
    this.arrivedAt = options.clock.ticks();
    this.#request = request;
    this.#response = response;
    this.#options = options;
    response.on('close', () => {
      if (!response.writableFinished) this.#left.abort();
    });
  }

  get signal(): AbortSignal {
    return this.#left.signal;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  body(limit: number): Promise<Buffer> {
    const { clock, bodyTimeoutMs } = this.#options;
    const allocate = (size: number) => this.allocate(size);
    return readNodeBody(this.#request, this.#response, { bytes: limit, timeoutMs: bodyTimeoutMs(), clock, allocate });
  }

  allocate(size: number): Buffer {
    const buffer = buffers.acquire(size);
    this.#lent ??= [];
    this.#lent.push(buffer);
    return buffer;
  }

  releaseBuffers(): void {
    for (const buffer of this.#lent ?? []) buffers.release(buffer);
    this.#lent = undefined;
  }
}

/** True if the whole answer was handed over. */
async function send(reply: Reply, response: ServerResponse, signal: AbortSignal, clock: Clock): Promise<boolean> {
  const { body } = reply;
  if (signal.aborted) {
    await abandon(body);
    return false;
  }
  if (body === undefined || Buffer.isBuffer(body)) {
    response.writeHead(reply.status, { ...reply.headers, 'content-length': String(body?.length ?? 0) });
    response.end(response.req.method === 'HEAD' ? undefined : body);
    return true;
  }
  response.writeHead(reply.status, reply.headers);
  return pump(body, reply.keepAlive, response, signal, clock);
}

/** Writes a stream as fast as the client reads it. */
async function pump(
  body: AsyncIterable<Buffer>,
  keepAlive: Reply['keepAlive'],
  response: ServerResponse,
  signal: AbortSignal,
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

/** What the HTTP parser itself refuses, by Node's code. */
const REFUSALS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
};

/** `answering`: an answer is being written on the socket, into which another one must not be. */
function refuseGarbage(code: string | undefined, socket: Socket, answering: boolean): void {
  if (!socket.writable || answering) {
    socket.destroy();
    return;
  }
  const [status, message] = REFUSALS[code ?? ''] ?? ['400 Bad Request', 'This is not a valid HTTP request.'];
  const body = JSON.stringify({
    error: { message, type: 'invalid_request_error', param: null, code: 'invalid_request' },
  });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
