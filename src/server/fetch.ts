import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';
import { abandon, type Inbound, type Reply } from './exchange.ts';

/** The adapter between the web's Request and Response and the routes, for use without a port. */
export async function fetchReply(
  request: Request,
  clock: Clock,
  handle: (inbound: Inbound) => Promise<Reply>,
): Promise<Response> {
  const left = new AbortController();
  if (request.signal.aborted) left.abort();
  else request.signal.addEventListener('abort', () => left.abort(), { once: true });
  const reply = await handle(toInbound(request, left.signal, clock));
  if (left.signal.aborted) await abandon(reply.body);
  if (left.signal.aborted) throw request.signal.reason ?? new DOMException('The request was aborted.', 'AbortError');
  return toResponse(reply, request, left);
}

function toInbound(request: Request, signal: Signal, clock: Clock): Inbound {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    // A name that is made up for the call's URL is not an address that somebody could rebind.
    header: (name) => (name === 'host' ? undefined : (request.headers.get(name) ?? undefined)),
    body: (limit) => readBody(request, limit),
    stream: (limit) => streamBody(request, limit),
    allocate: Buffer.allocUnsafe,
    signal,
    peer: undefined,
    requestId: clock.id(),
    arrivedAt: clock.ticks(),
  };
}

async function readBody(request: Request, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of streamBody(request, limit)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* streamBody(request: Request, limit: number): AsyncGenerator<Buffer> {
  if (!request.body) return;
  let size = 0;
  for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > limit) {
      throw new GatewayError('request_too_large', { message: `The request body is larger than ${limit} bytes.` });
    }
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  }
}

function toResponse(reply: Reply, request: Request, left: AbortController): Response {
  const { body, headers, status } = reply;
  if (body === undefined || status === 204 || request.method === 'HEAD') return new Response(null, { status, headers });
  if (Buffer.isBuffer(body)) return new Response(new Uint8Array(body), { status, headers });
  return new Response(toReadable(body, left), { status, headers });
}

/** Pulled by its reader, so that a slow one makes the surface wait; cancelled by it, which aborts the surface's call. */
function toReadable(body: AsyncIterable<Buffer>, left: AbortController): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const step = await iterator.next();
      if (left.signal.aborted) controller.error(left.signal.reason);
      else if (step.done) controller.close();
      else controller.enqueue(new Uint8Array(step.value));
    },
    async cancel() {
      left.abort();
      await iterator.return?.();
    },
  });
}
