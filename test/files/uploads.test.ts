import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { CN_KEY, type Rig, type Settings, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { heldMemory } from './held-memory.ts';
import { drain, type SinkSurface, startSinkSurface } from './sink-surface.ts';

const MB = 1024 * 1024;
const BOUNDARY = 'x-boundary';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n`;
const tailOf = (purpose: string) =>
  `\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n${purpose}\r\n--${BOUNDARY}--\r\n`;

const rigFor = (surface: SinkSurface, more: Settings = {}) =>
  startRig({
    config: {
      surfaces: { 'moonshot-cn': { base_url: surface.baseUrl, credentials: [{ key: CN_KEY }] } },
      retries: { attempts: 1 },
      ...more,
    },
  });

/** A form that is made while it is sent, with a file of `size` bytes. */
function formStream(size: number, purpose = 'batch', made?: (bytes: number) => void): ReadableStream<Uint8Array> {
  const piece = Buffer.alloc(64 * 1024, 'x');
  let left = size;
  let started = false;
  return new ReadableStream({
    pull(controller) {
      if (!started) controller.enqueue(Buffer.from(HEAD));
      started = true;
      if (left === 0) {
        controller.enqueue(Buffer.from(tailOf(purpose)));
        controller.close();
        return;
      }
      const now = piece.subarray(0, Math.min(left, piece.length));
      left -= now.length;
      made?.(size - left);
      controller.enqueue(new Uint8Array(now));
    },
  });
}

const sizeOf = (size: number, purpose = 'batch') => HEAD.length + size + tailOf(purpose).length;

function send(rig: Rig, body: Blob | ReadableStream<Uint8Array>): Promise<Response> {
  const headers = { 'content-type': TYPE };
  return fetch(`${rig.base}/files`, { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
}

/** The head of an upload by hand; what follows is the caller's. */
function rawUpload(rig: Rig, length: number) {
  const socket = connect({ port: rig.port, host: '127.0.0.1' });
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes.toString();
  });
  socket.on('error', () => {});
  socket.write(
    `POST /v1/files HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${TYPE}\r\ncontent-length: ${length}\r\n\r\n${HEAD}`,
  );
  return { socket, received: () => received };
}

/** Sends one piece again and again, and tells how much more memory was held meanwhile than before. */
async function sendMeasured(rig: Rig, size: number): Promise<number> {
  const { socket, received } = rawUpload(rig, sizeOf(size));
  const piece = Buffer.alloc(64 * 1024, 'x');
  const before = await heldMemory();
  let most = 0;
  for (let sent = 0; sent < size; sent += piece.length) {
    if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
    if (sent % (4 * MB) === 0) most = Math.max(most, (await heldMemory()) - before);
  }
  socket.write(tailOf('batch'));
  await until(() => received().includes('"processed"'), 'the answer');
  socket.destroy();
  return most;
}

describe('a large upload', () => {
  test('passes without being held', async () => {
    await using surface = await startSinkSurface();
    await using rig = await rigFor(surface, { files: { max_bytes: '64MiB' } });
    const size = 60 * MB;
    const most = await sendMeasured(rig, size);
    expect(surface.uploads[0]).toMatchObject({ bytes: sizeOf(size), ended: true });
    // Sender, gateway and surface together.
    expect(most).toBeLessThan(size / 2);
  });

  test('keeps the length that its client declared, whatever becomes of the purpose', async () => {
    await using surface = await startSinkSurface();
    await using rig = await rigFor(surface);
    for (const purpose of ['batch', 'user_data', 'assistants']) {
      const size = 3 * MB;
      const form = new Blob([HEAD, Buffer.alloc(size, 'x'), tailOf(purpose)]);
      expect((await send(rig, form)).status).toBe(200);
      const upload = surface.uploads.at(-1);
      expect(upload?.headers['content-length']).toBe(String(sizeOf(size, purpose)));
      expect(upload?.bytes).toBe(sizeOf(size, purpose));
      expect(upload?.tail).toMatch(purpose === 'batch' ? /\r\nbatch\r\n/ : /\r\nfile-extract\r\n/);
    }
  });

  test('goes no faster than the surface reads', async () => {
    let release = () => {};
    await using surface = await startSinkSurface((upload, response) => {
      release = () => drain(upload, response);
    });
    await using rig = await rigFor(surface);
    const size = 48 * MB;
    let made = 0;
    const sending = send(
      rig,
      formStream(size, 'batch', (bytes) => {
        made = bytes;
      }),
    );
    let before = -1;
    await until(() => {
      const isStill = surface.uploads.length === 1 && made === before;
      before = made;
      return isStill;
    }, 'the client to stand still');
    // What the sockets on the way hold is the system's.
    expect(made).toBeLessThan(size / 2);
    release();
    expect((await sending).status).toBe(200);
    expect(surface.uploads[0]?.bytes).toBe(sizeOf(size));
  });

  test('is broken off at the surface when its client leaves', async () => {
    await using surface = await startSinkSurface();
    await using rig = await rigFor(surface);
    const { socket } = rawUpload(rig, 50 * MB);
    socket.write(Buffer.alloc(4 * MB));
    await until(() => (surface.uploads[0]?.bytes ?? 0) > MB, 'the upload to be under way');
    socket.destroy();
    await until(() => surface.uploads[0]?.aborted === true, 'the surface to lose the gateway');
    expect(surface.uploads[0]?.ended).toBe(false);
  });
});

describe('what is too large', () => {
  const LIMIT = { files: { max_bytes: '2MiB' } };

  test('is refused before it is read, where its length is told', async () => {
    await using surface = await startSinkSurface();
    await using rig = await rigFor(surface, LIMIT);
    const response = await send(rig, new Blob([HEAD, Buffer.alloc(3 * MB), tailOf('batch')]));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'request_too_large', param: 'file' } });
    expect(surface.uploads).toHaveLength(0);
  });

  test('is broken off where it is not', async () => {
    await using surface = await startSinkSurface();
    await using rig = await rigFor(surface, LIMIT);
    const response = await send(rig, formStream(6 * MB));
    expect(response.status).toBe(413);
    await response.text();
    await until(() => surface.uploads[0]?.aborted === true, 'the surface to lose the gateway');
  });
});

describe('what goes wrong', () => {
  test('an early refusal of the surface reaches the client that is still sending', async () => {
    await using surface = await startSinkSurface((_upload, response) => {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' });
      response.end('{"error":{"message":"Rate limit exceeded","type":"rate_limit_reached_error"}}');
    });
    await using rig = await rigFor(surface);
    const response = await send(rig, new Blob([HEAD, Buffer.alloc(20 * MB), tailOf('batch')]));
    expect([response.status, response.headers.get('x-moongate-error')]).toEqual([429, 'rate_limited']);
    await response.text();
  });

  test('a purpose that nobody knows, behind a large file', async () => {
    await using surface = await startSinkSurface();
    await using rig = await rigFor(surface);
    const response = await send(rig, formStream(4 * MB, 'fine-tune'));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'purpose' } });
    await until(() => surface.uploads[0]?.aborted === true, 'the surface to lose the gateway');
  });

  test('a client that pauses too long', async () => {
    await using surface = await startSinkSurface();
    await using rig = await rigFor(surface, { timeouts: { body_ms: '50ms' } });
    const { socket, received } = rawUpload(rig, 50 * MB);
    socket.write(Buffer.alloc(2 * MB));
    await until(() => received().includes('body_timeout'), 'the refusal');
    expect(received()).toContain('HTTP/1.1 408');
    await until(() => surface.uploads[0]?.aborted === true, 'the surface to lose the gateway');
    socket.destroy();
  });

  test.each([
    ['JSON', 'application/json', '{}', 415],
    ['no boundary', 'multipart/form-data', 'x', 415],
    ['half a form', TYPE, HEAD, 400],
  ])('%s', async (_name, type, body, status) => {
    await using surface = await startSinkSurface();
    await using rig = await rigFor(surface);
    const response = await fetch(`${rig.base}/files`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(status);
    await response.text();
    expect(surface.uploads).toHaveLength(0);
  });
});
