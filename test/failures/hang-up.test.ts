import { describe, expect, test } from 'vitest';
import { startFakeSurface } from '../fake-surface.ts';
import { head, RawClient, request } from '../http/raw.ts';
import { CN_KEY, describeMatrix, platform, startRig } from '../setup.ts';
import { settled, until } from '../until.ts';
import { VirtualClock } from '../virtual-clock.ts';

const MB = 1024 * 1024;
const posts = (rig: Awaited<ReturnType<typeof startRig>>) =>
  rig.simulator.calls.filter(({ method }) => method === 'POST');

describeMatrix('a client that leaves', (door) => {
  test.each([
    { name: 'while a stream runs', stream: true, script: 'sim: say-n 5\nsim: stall' },
    { name: 'before a stream begins', stream: true, script: 'sim: stall 0' },
    { name: 'while it waits for a whole answer', stream: false, script: 'sim: say hi\nsim: stall' },
    { name: 'while the surface has not answered at all', stream: true, script: 'sim: delay 60000' },
  ])('$name aborts the call to the surface', async ({ stream, script }) => {
    await using rig = await startRig({ door });
    const abort = new AbortController();
    const body = { model: 'k25', stream, messages: [{ role: 'user', content: script }] };
    const reading = rig.chat(body, { signal: abort.signal }).then((response) => response.text());
    const failed = expect(reading).rejects.toThrow();
    await until(() => posts(rig).length === 1, 'the call');
    abort.abort();
    await failed;
    await until(() => posts(rig)[0]?.aborted, 'the hang-up');
    expect(rig.simulator.account(CN_KEY).inFlight).toBe(0);
  });

  test('while a retry is waited for: no retry is made', async () => {
    const clock = new VirtualClock();
    const config = (simulator: Parameters<typeof platform>[0]) => ({
      surfaces: { 'moonshot-cn': platform(simulator)['moonshot-cn'] },
    });
    await using rig = await startRig({ door, clock, config });
    rig.simulator.fail({ fault: 'overload' });
    const abort = new AbortController();
    const failed = expect(rig.chat('sim: say hi', { signal: abort.signal })).rejects.toThrow();
    await clock.timer(1_000);
    abort.abort();
    await failed;
    await until(() => rig.gateway.runtime.pool.inFlight === 0, 'the lease');
    clock.advance(10_000);
    expect(posts(rig)).toHaveLength(1);
  });
});

describe('a client that does not read', () => {
  test('makes the surface wait, and then gets everything', async () => {
    const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(64 * 1024) } }] })}\n\n`;
    const pieces = 800;
    let produced = 0;
    await using fake = await startFakeSurface(async (call, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let i = 0; i < pieces && !call.aborted; i++) {
        produced += piece.length;
        if (!response.write(piece))
          await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
      }
      response.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    });
    const surfaces = { 'moonshot-cn': { base_url: fake.baseUrl, credentials: [{ key: CN_KEY }] } };
    await using rig = await startRig({ config: { surfaces } });
    using client = new RawClient(rig.port);
    let received = 0;
    let end = '';
    client.socket.removeAllListeners('data');
    client.socket.on('data', (bytes) => {
      received += bytes.length;
      end = (end + bytes.toString('latin1')).slice(-200);
    });
    client.socket.pause();
    await client.write(request('{"model":"k25","stream":true,"messages":[{"role":"user","content":"hi"}]}'));
    await until(() => produced > 0, 'the stream');
    // What the kernel's buffers and the high-water marks on the way take.
    expect(await settled(() => produced, 'the surface to stop')).toBeLessThan(30 * MB);
    client.socket.resume();
    await until(() => end.includes('[DONE]'), 'the end of the stream', 15_000);
    expect(received).toBeGreaterThan(pieces * piece.length);
    expect(produced).toBe(pieces * piece.length);
  });

  test('and leaves: the surface is hung up on', async () => {
    await using fake = await startFakeSurface(async (call, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(64 * 1024) } }] })}\n\n`;
      while (!call.aborted) {
        if (!response.write(piece))
          await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
      }
    });
    const surfaces = { 'moonshot-cn': { base_url: fake.baseUrl, credentials: [{ key: CN_KEY }] } };
    await using rig = await startRig({ config: { surfaces } });
    const client = new RawClient(rig.port);
    client.socket.pause();
    await client.write(request('{"model":"k25","stream":true,"messages":[{"role":"user","content":"hi"}]}'));
    await until(() => fake.calls.length === 1, 'the call');
    client.socket.destroy();
    await until(() => fake.calls[0]?.aborted, 'the hang-up');
  });
});

test('a connection that only opens costs nothing', async () => {
  await using rig = await startRig();
  using idle = new RawClient(rig.port);
  await idle.write(head('content-length: 5').slice(0, 20));
  expect((await rig.chat('sim: say hi')).status).toBe(200);
});
