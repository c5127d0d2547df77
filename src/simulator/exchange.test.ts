import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RecordedCall } from './calls.ts';
import { Exchange, HangUp } from './exchange.ts';

test('a reader that does not read holds the writer back; one that goes away stops it', async () => {
  let written = 0;
  let failure: unknown;
  let finish = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = createServer(async (request, response) => {
    const exchange = new Exchange(request, response, new RecordedCall(request, 0), '/');
    exchange.begin(200, {});
    try {
      for (; written < 4000; written++) await exchange.write(Buffer.alloc(65_536));
    } catch (error) {
      failure = error;
    }
    finish();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve) => get({ port, host: '127.0.0.1' }, resolve));
  await sleep(100);
  const held = written;
  await sleep(50);
  expect(written).toBe(held);
  expect(held).toBeLessThan(1000);
  response.destroy();
  await ended;
  expect(failure).toBeInstanceOf(HangUp);
  await new Promise((resolve) => server.close(resolve));
});
