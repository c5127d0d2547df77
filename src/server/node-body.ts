import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';

/** Bodies from this size on come in several pieces. */
const LARGE = 32 * 1024;

export interface BodyLimits {
  readonly bytes: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** The connection on which a body comes, and where its bytes may be put. */
export interface BodyPlace {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  allocate(size: number): Buffer;
}

/** The whole body of a request. Throws request_too_large, body_timeout, client_closed. */
export async function readNodeBody(place: BodyPlace, limits: BodyLimits): Promise<Buffer> {
  const { request } = place;
  // Since it came the client may have left, of which a request tells only once.
  if (request.destroyed) throw new GatewayError('client_closed');
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.bytes) throw tooLarge(limits.bytes);
  if (declared > 0 && declared < LARGE) {
    // A small body comes in one piece with its head.
    const body: unknown = request.readableLength === declared ? request.read() : undefined;
    if (Buffer.isBuffer(body)) {
      // To its end, of which Node wants to know.
      request.resume();
      return body;
    }
  }
  return collectBody(place, declared, limits);
}

function collectBody(place: BodyPlace, declared: number, limits: BodyLimits): Promise<Buffer> {
  const { request, response } = place;
  const { bytes: limit, timeoutMs, clock } = limits;
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    // Where the length is told the pieces are put where they belong at once.
    const whole = declared >= LARGE ? place.allocate(declared) : undefined;
    let size = 0;
    let refused = false;
    let ended = false;
    const cancel = clock.after(timeoutMs, () => {
      if (refused) request.destroy();
      // What else may come belongs to no request.
      else if (!response.headersSent) response.setHeader('connection', 'close');
      reject(new GatewayError('body_timeout'));
    });
    request.on('data', (piece: Buffer) => {
      if (whole) piece.copy(whole, size);
      size += piece.length;
      if (size <= limit && !whole) pieces.push(piece);
      if (size <= limit || refused) return;
      // Read on and keep nothing: many a client reads the refusal only when it has sent everything.
      refused = true;
      pieces.length = 0;
      reject(tooLarge(limit));
      // Node forgets a request that was answered, so its own `close` may never come.
      request.socket.once('close', cancel);
    });
    request.on('end', () => {
      ended = true;
      cancel();
      if (!refused) resolve(whole ?? (pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, size)));
    });
    request.on('close', () => {
      // Every request closes: only one that was still being read has lost its client.
      if (ended) return;
      cancel();
      reject(new GatewayError('client_closed'));
    });
  });
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError('request_too_large', { message: `The request body is larger than ${limit} bytes.` });
}
