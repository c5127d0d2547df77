import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server whose answers a test writes, by the end of the path; everything else is a 404. Resolves with its origin. */
export async function startSmallSurface(answers: Readonly<Record<string, Answer>>): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      const path = new URL(request.url ?? '/', 'http://x').pathname;
      const answer = Object.entries(answers).find(([end]) => path.endsWith(end))?.[1];
      if (answer === undefined) json({ error: { message: 'no such path' } }, 404)(response, request);
      else answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const json =
  (value: unknown, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

export const modelList = (...ids: readonly string[]): Answer =>
  json({ object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 1, owned_by: 'moonshot' })) });
