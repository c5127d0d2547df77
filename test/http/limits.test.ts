import { describe, expect, test } from 'vitest';
import { describeMatrix, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { head, RawClient, request } from './raw.ts';

const MB = 1024 * 1024;
const SMALL = { config: { limits: { body_bytes: MB } } };
const PIECE = Buffer.alloc(64 * 1024, 'x');
const CHAT = '{"model":"k25","messages":[{"role":"user","content":"sim: say hi"}]}';

describeMatrix('large bodies', (door) => {
  test('one byte over the limit is refused, the limit itself is not', async () => {
    await using rig = await startRig({ door, ...SMALL });
    const fits = await rig.chat('', { body: CHAT.padEnd(MB, ' ') });
    expect(fits.status).toBe(200);
    await fits.text();
    const over = await rig.chat('', { body: CHAT.padEnd(MB + 1, ' ') });
    expect(over.status).toBe(413);
    expect(await over.json()).toMatchObject({ error: { code: 'request_too_large', hint: expect.any(String) } });
  });
});

describe('50 MB', () => {
  // Some clients read nothing before they have sent everything.
  test.each([
    { framing: `content-length: ${50 * MB}`, wrap: (piece: Buffer) => piece, end: '' },
    {
      framing: 'transfer-encoding: chunked',
      wrap: (piece: Buffer) =>
        Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
      end: '0\r\n\r\n',
    },
  ])('$framing: the client can send all and read the 413', async ({ framing, wrap, end }) => {
    await using rig = await startRig(SMALL);
    using client = new RawClient(rig.port);
    const before = process.memoryUsage().rss;
    await client.write(head(framing));
    for (let sent = 0; sent < 50 * MB; sent += PIECE.length) await client.write(wrap(PIECE));
    await client.write(end);
    expect(await client.receives('request_too_large')).toMatch(/^HTTP\/1\.1 413 /);
    // Loose, because nobody knows when the garbage is collected; keeping ten of them would still be seen.
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * MB);
  });

  test('an upload without an end is broken off', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ ...SMALL, clock });
    using client = new RawClient(rig.port);
    await client.write(head('transfer-encoding: chunked'));
    for (let sent = 0; sent < 2 * MB; sent += PIECE.length) {
      await client.write(`${PIECE.length.toString(16)}\r\n`);
      await client.write(PIECE);
      await client.write('\r\n');
    }
    await client.receives('request_too_large');
    await clock.fire(60_000);
    await until(() => client.closed, 'the end of the connection');
  });
});

describe('slow and broken senders', () => {
  test('a body that does not arrive', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ clock });
    using client = new RawClient(rig.port);
    await client.write(`${head('content-length: 1000')}{"model":`);
    await clock.fire(60_000);
    expect(await client.receives('body_timeout')).toMatch(/^HTTP\/1\.1 408 /);
    expect(client.received).toMatch(/\r\nconnection: close\r\n/i);
    await until(() => client.closed, 'the end of the connection');
  });

  test('a client that leaves in the middle of its body', async () => {
    const clock = new VirtualClock();
    await using rig = await startRig({ clock });
    using client = new RawClient(rig.port);
    await client.write(`${head('content-length: 1000')}{"model":`);
    await clock.timer(60_000);
    client.socket.destroy();
    await until(() => rig.logs.some((line) => line.includes('client_closed')), 'the log line');
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });

  test('clients that send a whole request and leave at once', async () => {
    await using rig = await startRig();
    const clients = Array.from({ length: 20 }, () => new RawClient(rig.port));
    await until(() => clients.every(({ socket }) => !socket.connecting), 'the connections');
    for (const { socket } of clients) {
      socket.write(request(CHAT));
      socket.destroy();
    }
    const ended = () => rig.logs.join('').split('"msg":"answered"').length - 1;
    await until(() => ended() === clients.length, 'a line in the log for each');
  });

  test('headers that are too large', async () => {
    await using rig = await startRig();
    using client = new RawClient(rig.port);
    await client.write(request(CHAT, `x-large: ${'x'.repeat(20_000)}\r\n`));
    expect(await client.receives('"error"')).toMatch(/^HTTP\/1\.1 431 /);
    await until(() => client.closed, 'the end of the connection');
  });

  test('bytes that are no HTTP', async () => {
    await using rig = await startRig();
    using client = new RawClient(rig.port);
    await client.write('\x16\x03\x01 hello\r\n\r\n');
    expect(await client.receives('"error"')).toMatch(/^HTTP\/1\.1 400 /);
    await until(() => client.closed, 'the end of the connection');
  });

  test('two requests at once are answered in their order', async () => {
    await using rig = await startRig();
    using client = new RawClient(rig.port);
    await client.write(request(CHAT) + request(CHAT.replace('say hi', 'say ho')));
    await client.receives(/"content":"hi"[\s\S]*"content":"ho"/);
  });

  test('garbage behind a request does not write into its running stream', async () => {
    await using rig = await startRig();
    using client = new RawClient(rig.port);
    const stream = '{"model":"k25","stream":true,"messages":[{"role":"user","content":"sim: say hi\\nsim: stall"}]}';
    await client.write(request(stream));
    await client.receives('"content":"hi"');
    await client.write('\x16\x03\x01 garbage\r\n\r\n');
    await until(() => client.closed, 'the end of the connection');
    expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });
});
