import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';

export interface BodyLimits {
  readonly bytes: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** The whole body of a request. Throws request_too_large, body_timeout, client_closed. */
export function readNodeBody(request: IncomingMessage, response: ServerResponse, limits: BodyLimits): Promise<Buffer> {
  const { bytes: limit, timeoutMs, clock } = limits;
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
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
      size += piece.length;
      if (size <= limit) pieces.push(piece);
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
      if (!refused) resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, size));
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
