import { connect } from 'node:net';
import OpenAI, { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { LEGAL_CHAT } from '../protocols/legal-chat.ts';
import { CN_KEY, type Rig, type Settings, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { heldMemory } from './held-memory.ts';
import { startSinkSurface } from './sink-surface.ts';

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });

const line = (id: string, body: Settings) =>
  JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body });

/** As somebody writes it who comes from OpenAI. */
const OPENAI_STYLE = {
  model: 'gpt-4o',
  ...{ temperature: 0.2, store: true, stream: true },
  messages: [
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: 'sim: say one' },
  ],
};

const jsonl = (...lines: readonly string[]) => toFile(Buffer.from(lines.join('\n')), 'in.jsonl');

async function finished(client: OpenAI, fileId: string) {
  let batch = await client.batches.create({
    ...{ endpoint: '/v1/chat/completions', completion_window: '24h' },
    input_file_id: fileId,
  });
  for (let step = 0; step < 9 && batch.status !== 'completed' && batch.status !== 'failed'; step++) {
    batch = await client.batches.retrieve(batch.id);
  }
  return batch;
}

const stored = (rig: Rig, id: string) => rig.simulator.account(CN_KEY).files.get(id)?.bytes.toString() ?? '';

const cnOnly = (more: Settings = {}) =>
  startRig({
    config: ({ cnBaseUrl }) => ({
      surfaces: { 'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: CN_KEY }] } },
      ...more,
    }),
  });

describe('the lines of a batch', () => {
  test('are repaired like requests, and what was done is told', async () => {
    await using rig = await cnOnly();
    const client = clientOf(rig);
    const plain = line('b', { model: 'kimi-k2.6', messages: [{ role: 'user', content: 'sim: say 2,  二' }] });
    const { data: file, response } = await client.files
      .create({ file: await jsonl(line('a', OPENAI_STYLE), plain), purpose: 'batch' })
      .withResponse();
    const [first = '', second] = stored(rig, file.id).split('\n');
    expect(JSON.parse(first)).toEqual({
      ...{ custom_id: 'a', method: 'POST', url: '/v1/chat/completions' },
      body: {
        model: 'kimi-k2.6',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'sim: say one' },
        ],
      },
    });
    // What needs nothing stays the bytes that came.
    expect(second).toBe(plain);
    const notes = response.headers.get('x-moongate-notes') ?? '';
    expect(notes).toMatch(/^1 of 2 lines changed: /);
    for (const what of ['gpt-4o sent as kimi-k2.6', 'developer-role', 'temperature left out', 'stream left out']) {
      expect(notes).toContain(what);
    }
    const batch = await finished(client, file.id);
    expect(batch).toMatchObject({ status: 'completed', request_counts: { completed: 2, failed: 0, total: 2 } });
  });

  test.each([
    ['behind', (file: File) => ({ file, purpose: 'batch' as const })],
    ['before', (file: File) => ({ purpose: 'batch' as const, file })],
  ])('wherever the purpose stands: %s the file', async (_where, form) => {
    await using rig = await cnOnly();
    const client = clientOf(rig);
    const file = await client.files.create(form(await jsonl(line('a', OPENAI_STYLE))));
    expect(await finished(client, file.id)).toMatchObject({ status: 'completed' });
  });

  test('names with several meanings become a model that batches have; others are left and told of', async () => {
    await using rig = await cnOnly({ aliases: { mine: 'kimi-k2.7-code' } });
    const names = ['claude-opus-4-5', 'kimi-k2.5', 'mine', 'kimi-k3', 'nobody-s'];
    const lines = names.map((model, index) => line(`${index}`, { model, messages: [{ role: 'user', content: 'Hi' }] }));
    const { data: file, response } = await clientOf(rig)
      .files.create({ file: await jsonl(...lines), purpose: 'batch' })
      .withResponse();
    const models = stored(rig, file.id)
      .split('\n')
      .map((text) => (JSON.parse(text) as { body: { model: string } }).body.model);
    expect(models).toEqual(['kimi-k2.7-code', 'kimi-k2.6', 'kimi-k2.7-code', 'kimi-k3', 'nobody-s']);
    expect(response.headers.get('x-moongate-notes')).toContain(
      'line 4 sent as it came: Kimi runs batches of kimi-k2.6 and kimi-k2.7-code, not of kimi-k3',
    );
  });

  test('in strict mode an upload that would need repairs is refused, with the line', async () => {
    await using rig = await cnOnly({ strict: true });
    const fine = line('a', { model: 'k25', messages: [{ role: 'user', content: 'Hi' }] });
    const uploading = clientOf(rig).files.create({
      file: await jsonl(fine, line('b', OPENAI_STYLE)),
      purpose: 'batch',
    });
    await expect(uploading).rejects.toMatchObject({ status: 400, code: 'strict_repairs' });
    await expect(uploading).rejects.toThrow(/In line 2 of the file: .*developer-role/);
    expect(rig.simulator.account(CN_KEY).files.size).toBe(0);
  });

  test.each(['gpt-4o', 'codex-mini-latest'])('whatever a chat may say, %s is answered in a batch', async (model) => {
    await using rig = await cnOnly();
    const client = clientOf(rig);
    const rows = Object.entries(LEGAL_CHAT);
    const file = await client.files.create({
      file: await jsonl(...rows.map(([name, request]) => line(name, { model, ...request }))),
      purpose: 'batch',
    });
    const batch = await finished(client, file.id);
    const failed = batch.error_file_id ? await (await client.files.content(batch.error_file_id)).text() : '';
    expect({ ...batch.request_counts, failed, errors: batch.errors }).toEqual({
      ...{ completed: rows.length, failed: '', total: rows.length, errors: null },
    });
  });

  test('pass as they come where the owner wants that', async () => {
    await using rig = await cnOnly({ files: { batch_lines: 'as_is' } });
    const text = line('a', OPENAI_STYLE);
    const file = await clientOf(rig).files.create({ file: await jsonl(text), purpose: 'batch' });
    expect(stored(rig, file.id)).toBe(text);
  });

  test('of a file with another purpose are nobody’s requests', async () => {
    await using rig = await cnOnly();
    const client = clientOf(rig);
    const text = line('a', OPENAI_STYLE);
    const file = await client.files.create({ purpose: 'user_data', file: await jsonl(text) });
    expect(stored(rig, file.id)).toBe(text);
    // Too late to take back what was repaired.
    const late = client.files.create({ file: await jsonl(text), purpose: 'user_data' });
    await expect(late).rejects.toMatchObject({ status: 400, param: 'purpose' });
    await expect(late).rejects.toThrow(/Send the part `purpose` before the part `file`/);
  });
});

const BOUNDARY = 'x-boundary';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n`;
const TAIL = `\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--${BOUNDARY}--\r\n`;
const MB = 1024 * 1024;

/** Sends one piece again and again, and tells how much more memory was held meanwhile than before. */
async function sendMeasured(rig: Rig, piece: Buffer, times: number): Promise<number> {
  const socket = connect({ port: rig.port, host: '127.0.0.1' });
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes.toString();
  });
  const length = HEAD.length + piece.length * times + TAIL.length;
  socket.write(
    `POST /v1/files HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${TYPE}\r\ncontent-length: ${length}\r\n\r\n${HEAD}`,
  );
  const before = await heldMemory();
  let most = 0;
  for (let sent = 0; sent < times; sent++) {
    if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
    if (sent % 40 === 0) most = Math.max(most, (await heldMemory()) - before);
  }
  socket.write(TAIL);
  await until(() => received.includes('"processed"'), 'the answer');
  socket.destroy();
  return most;
}

test('a large file is repaired while it passes', async () => {
  await using surface = await startSinkSurface();
  await using rig = await startRig({
    config: {
      surfaces: { 'moonshot-cn': { base_url: surface.baseUrl, credentials: [{ key: CN_KEY }] } },
      retries: { attempts: 1 },
    },
  });
  const said = { ...OPENAI_STYLE, messages: [{ role: 'user', content: 'x'.repeat(2_000) }] };
  const rows = Array.from({ length: 40 }, (_, index) => line(`${index}`, said));
  const piece = Buffer.from(`${rows.join('\n')}\n`);
  const times = Math.ceil((48 * MB) / piece.length);
  const most = await sendMeasured(rig, piece, times);
  const [upload] = surface.uploads;
  expect(upload?.ended).toBe(true);
  // Its length was not known before.
  expect(upload?.headers['content-length']).toBeUndefined();
  expect(upload?.bytes).toBeLessThan(piece.length * times);
  // Sender, gateway and surface together.
  expect(most).toBeLessThan(24 * MB);
});
