import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The gateway hung up before the answer had ended. */
  aborted: boolean;
}

/** A surface of which a test writes every byte, for what no well-behaved platform would send. */
export interface FakeSurface extends AsyncDisposable {
  readonly baseUrl: string;
  readonly calls: readonly FakeCall[];
}

type Answer = (call: FakeCall, response: ServerResponse) => void | Promise<void>;

/** `answer` serves the chat calls; everything else, such as the model list, is a 404. */
export async function startFakeSurface(answer: Answer): Promise<FakeSurface> {
  const calls: FakeCall[] = [];
  const server = createServer({ noDelay: true }, (request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const { method = '', url = '', headers } = request;
    const call: FakeCall = { method, path: url, headers, body: Buffer.concat(pieces), aborted: false };
    response.on('close', () => {
      call.aborted = !response.writableFinished;
    });
    if (!url.endsWith('/chat/completions')) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no such path"}}');
      return;
    }
    calls.push(call);
    await answer(call, response);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A whole answer with the given text and members. */
export function completion(content: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'kimi-k2.6',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7, cached_tokens: 3 },
    ...more,
  };
}

/** One chunk of a stream. */
export function chunk(delta: Readonly<Record<string, unknown>>, finish: string | null = null): Record<string, unknown> {
  return {
    id: 'chatcmpl-fake',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'kimi-k2.6',
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

export const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

export function sendJson(response: ServerResponse, status: number, value: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}
