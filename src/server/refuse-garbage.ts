import type { Socket } from 'node:net';

/** What the HTTP parser itself refuses, by Node's code. */
const REFUSALS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
};

/** `answering`: an answer is being written on the socket, into which another one must not be. */
export function refuseGarbage(code: string | undefined, socket: Socket, answering: boolean): void {
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
