import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Json = Record<string, unknown>;

/** What a proxy breaks in what passes through it. Everything else stays as it is. */
export interface Breakage {
  readonly request?: (body: Json, path: string) => Json;
  readonly whole?: (value: Json, path: string, status: number) => unknown;
  /** The data of the events of a stream, without `[DONE]`. */
  readonly chunks?: (chunks: Json[], path: string) => readonly Json[];
  /** The text of a stream, as it would be written. */
  readonly text?: (text: string) => string;
  readonly headers?: (headers: Record<string, string>, path: string) => Record<string, string>;
  readonly status?: (status: number) => number;
  /** The part of a stream after which the socket is destroyed. */
  readonly cutAt?: number;
  /** Requests that get a 400. */
  readonly refuse?: (body: string, headers: IncomingMessage['headers']) => boolean;
  /** Paths that are never answered. */
  readonly silent?: RegExp;
}

export interface Proxy extends AsyncDisposable {
  readonly url: string;
}

/** A proxy in front of a good endpoint that breaks exactly one thing. */
export async function startBreakingProxy(target: string, breakage: Breakage): Promise<Proxy> {
  const server = createServer((request, response) => void pass(request, response, target, breakage));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pass(request: IncomingMessage, response: ServerResponse, target: string, breakage: Breakage) {
  const { method = 'GET', url = '/', headers } = request;
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  if (breakage.silent?.test(url)) return;
  const given = Buffer.concat(pieces).toString('utf8');
  if (breakage.refuse?.(given, headers)) {
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"no","type":"x"}}');
    return;
  }
  const body = method === 'POST' ? changedBody(given, url, breakage) : undefined;
  const sent = { 'content-type': 'application/json', ...(headers['x-api-key'] ? { 'x-api-key': 'any' } : {}) };
  const answer = await fetch(`${target}${url}`, { method, headers: sent, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const changed = isStream ? changedStream(text, url, breakage) : changedWhole(text, url, answer.status, breakage);
  const kept = Object.fromEntries(
    [...answer.headers].filter(([name]) => name === 'content-type' || name.startsWith('x-moongate')),
  );
  const status = breakage.status?.(answer.status) ?? answer.status;
  response.writeHead(status, breakage.headers?.(kept, url) ?? kept);
  if (!isStream || breakage.cutAt === undefined) response.end(changed);
  else response.write(changed.slice(0, changed.length * breakage.cutAt), () => response.destroy());
}

function changedBody(text: string, path: string, { request }: Breakage): string {
  try {
    return request ? JSON.stringify(request(JSON.parse(text) as Json, path)) : text;
  } catch {
    return text; // a check that sends no JSON on purpose
  }
}

function changedWhole(text: string, path: string, status: number, { whole }: Breakage): string {
  if (whole === undefined) return text;
  const changed = whole(JSON.parse(text) as Json, path, status);
  return typeof changed === 'string' ? changed : JSON.stringify(changed);
}

function changedStream(text: string, path: string, { chunks, text: rewrite }: Breakage): string {
  if (chunks === undefined) return rewrite?.(text) ?? text;
  const events = text.split('\n\n').filter((event) => event !== '');
  const named = events.flatMap((event) => {
    const data = /^data: ?(.*)$/m.exec(event)?.[1];
    return data === undefined || data === '[DONE]' ? [] : [JSON.parse(data) as Json];
  });
  const isAnthropic = path.includes('/messages');
  const written = chunks(named, path).map((chunk) =>
    isAnthropic ? `event: ${chunk['type']}\ndata: ${JSON.stringify(chunk)}\n\n` : `data: ${JSON.stringify(chunk)}\n\n`,
  );
  return `${written.join('')}${isAnthropic ? '' : 'data: [DONE]\n\n'}`;
}
