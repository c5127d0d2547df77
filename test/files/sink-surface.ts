import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came of one upload; nothing of it is kept. */
export interface SunkUpload {
  readonly headers: IncomingMessage['headers'];
  readonly request: IncomingMessage;
  bytes: number;
  /** The last kilobyte. */
  tail: string;
  ended: boolean;
  aborted: boolean;
}

export interface SinkSurface extends AsyncDisposable {
  readonly baseUrl: string;
  readonly uploads: readonly SunkUpload[];
}

type Reader = (upload: SunkUpload, response: ServerResponse) => void;

/** A platform that counts what is uploaded. `read` decides when it reads; by default at once. */
export async function startSinkSurface(read: Reader = drain): Promise<SinkSurface> {
  const uploads: SunkUpload[] = [];
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no such path"}}');
      return;
    }
    const upload: SunkUpload = { headers: request.headers, request, bytes: 0, tail: '', ended: false, aborted: false };
    uploads.push(upload);
    request.on('close', () => {
      upload.aborted = !request.complete;
    });
    request.on('error', () => {});
    read(upload, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    uploads,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function drain(upload: SunkUpload, response: ServerResponse): void {
  const { request } = upload;
  request.on('data', (piece: Buffer) => {
    upload.bytes += piece.length;
    upload.tail = (upload.tail + piece.subarray(-1_024).toString('latin1')).slice(-1_024);
  });
  request.on('end', () => {
    upload.ended = true;
    const file = { id: 'file_1', object: 'file', bytes: upload.bytes, created_at: 1, filename: 'a', purpose: 'batch' };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...file, status: 'ready' }));
  });
}
