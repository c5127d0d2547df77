import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { type BodyPlace, readNodeBody } from './node-body.ts';

test('a client that has left before its body is read', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 20\r\n\r\n{}');
  const [request, response] = (await once(server, 'request')) as [BodyPlace['request'], BodyPlace['response']];
  client.destroy();
  await new Promise((resolve) => request.on('close', resolve));
  const place = { request, response, allocate: Buffer.alloc };
  // Its limits are far away: it is told at once, or never.
  const body = readNodeBody(place, { bytes: 100, timeoutMs: 3_600_000, clock: systemClock });
  await expect(body).rejects.toMatchObject({ code: 'client_closed' });
  server.close();
});
