import { createServer } from 'node:http';
import { Pool } from 'undici';

const [port, origin = ''] = process.argv.slice(2);
const pool = new Pool(origin, { connections: 2048, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 });
createServer((request, response) => {
  const { connection: _, host: __, 'transfer-encoding': ___, ...headers } = request.headers;
  pool
    .stream(
      { path: request.url ?? '/', method: request.method as 'POST', headers, body: request },
      ({ statusCode, headers: answered }) => {
        const {
          connection: _c,
          'keep-alive': _k,
          'transfer-encoding': _t,
          ...kept
        } = answered as Record<string, string>;
        response.writeHead(statusCode, kept);
        return response;
      },
    )
    .catch(() => response.destroy());
}).listen(Number(port), '127.0.0.1');
