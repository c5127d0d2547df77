import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SENTENCE } from '../../src/cli/verify/shared-exchanges.ts';

export interface FakeEndpoint extends AsyncDisposable {
  readonly url: string;
  /** Requests that were never answered. */
  readonly waiting: number;
}

export interface FakeOptions {
  /** The text of every answer. */
  readonly says?: string;
  /** Leaves the ends of the Responses face out. */
  readonly broken?: boolean;
  /** Lists its models and answers nothing else. */
  readonly isSilent?: boolean;
}

/** An endpoint with a Responses face of which every byte is written here. */
export async function startFakeEndpoint({
  says = SENTENCE,
  broken = false,
  isSilent = false,
}: FakeOptions): Promise<FakeEndpoint> {
  let waiting = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.url?.endsWith('/models')) sendJson(response, { object: 'list', data: [] });
      else if (isSilent) waiting++;
      else if (!request.url?.endsWith('/responses')) sendJson(response, { choices: [{ message: { content: says } }] });
      else if (request.headers['content-length'] && isFirst()) sendJson(response, responseObject(says, broken));
      else sendEvents(response, says, broken);
    });
  });
  let asked = 0;
  const isFirst = () => asked++ === 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get waiting() {
      return waiting;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function responseObject(says: string, broken: boolean) {
  const content = [{ type: 'output_text', text: says, annotations: [] }];
  return {
    object: 'response',
    status: broken ? 'in_progress' : 'completed',
    output: [{ type: 'message', role: 'assistant', content }],
    usage: { input_tokens: 9, output_tokens: 9, total_tokens: 18 },
  };
}

function sendEvents(response: ServerResponse, says: string, broken: boolean): void {
  const events = [
    { type: 'response.created' },
    { type: 'response.output_text.delta', delta: says },
    ...(broken ? [] : [{ type: 'response.completed' }]),
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [index, event] of events.entries()) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`);
  }
  response.end();
}
