import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for an older or another gateway: it chats, and has nothing else unless it is told to take files. */
export class BareGateway implements AsyncDisposable {
  readonly url: string;
  /** `POST /v1/files`, in their order. */
  readonly calls: string[];
  readonly bodies: string[];
  readonly #close: () => Promise<void>;

  private constructor(url: string, calls: string[], bodies: string[], close: () => Promise<void>) {
    this.url = url;
    this.calls = calls;
    this.bodies = bodies;
    this.#close = close;
  }

  /** `extracted`: the text of every file that is uploaded; undefined: it takes none. */
  static async start(extracted?: string): Promise<BareGateway> {
    const calls: string[] = [];
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      calls.push(`${request.method} ${request.url}`);
      void readBody(request).then((body) => {
        bodies.push(body);
        answer(request, response, extracted);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new BareGateway(url, calls, bodies, () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) text += piece;
  return text;
}

function answer({ method, url }: IncomingMessage, response: ServerResponse, extracted: string | undefined): void {
  const json = (status: number, value: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  if (method === 'POST' && url === '/v1/chat/completions') {
    const message = { role: 'assistant', content: 'Heard.' };
    json(200, { model: 'bare', choices: [{ index: 0, message, finish_reason: 'stop' }] });
  } else if (extracted !== undefined && url === '/v1/files') json(200, { id: 'file-1', object: 'file' });
  else if (extracted !== undefined && url === '/v1/files/file-1/content') json(200, { content: extracted });
  else if (extracted !== undefined && url === '/v1/files/file-1') json(200, { id: 'file-1', deleted: true });
  else
    json(404, {
      error: { code: 'not_found', message: 'There is nothing at this path.', type: 'invalid_request_error' },
    });
}
