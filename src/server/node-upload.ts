import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';

interface NodeStream {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface StreamLimits {
  readonly clock: Clock;
  /** How long the client may pause while it is being read, milliseconds. */
  readonly bodyTimeoutMs: () => number;
}

/**
 * The body of a request piece by piece, read as fast as its reader goes on: one that waits makes the client wait. Throws
 * request_too_large, body_timeout, client_closed. What its reader leaves is read and dropped, because many a client reads
 * the refusal only when it has sent everything.
 */
export async function* streamNodeBody(
  { request, response }: NodeStream,
  limit: number,
  { clock, bodyTimeoutMs }: StreamLimits,
): AsyncGenerator<Buffer> {
  const pieces: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false });
  let size = 0;
  try {
    for (;;) {
      const { promise: late, reject } = Promise.withResolvers<never>();
      const cancel = clock.after(bodyTimeoutMs(), () => reject(new GatewayError('body_timeout')));
      const step = await Promise.race([pieces.next(), late]).finally(cancel);
      if (step.done) return;
      size += step.value.length;
      if (size > limit) {
        throw new GatewayError('request_too_large', { message: `The request body is larger than ${limit} bytes.` });
      }
      yield step.value;
    }
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw new GatewayError('client_closed', { cause: thrown });
    // What else may come belongs to no request.
    if (thrown.code === 'body_timeout' && !response.headersSent) response.setHeader('connection', 'close');
    throw thrown;
  } finally {
    // Only when the iterator has let go of it does the request flow.
    pieces.return?.().then(
      () => request.resume(),
      () => {},
    );
  }
}
