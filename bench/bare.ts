/** The reference: the pass-through that one writes first, a node:http server that streams by undici. Nothing is looked at. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, Pool } from 'undici';

const [port, origin = ''] = process.argv.slice(2);
const pool = new Pool(origin, { connections: 2_048, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 });

/** What belongs to one connection is not passed on. */
function passed(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, host: ____, ...kept } = headers;
  return kept;
}

createServer((request, response) => {
  const method = (request.method ?? 'GET') as Dispatcher.HttpMethod;
  pool
    .stream({ path: request.url ?? '/', method, headers: passed(request.headers), body: request }, (head) => {
      response.writeHead(head.statusCode, passed(head.headers));
      return response;
    })
    .catch(() => response.destroy());
}).listen(Number(port), '127.0.0.1');
