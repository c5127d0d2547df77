import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import { at, SimClient } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator;
let client: SimClient;

beforeAll(async () => {
  simulator = await startSimulator({ now: () => 1_700_000_000_000 });
  client = new SimClient(simulator);
});
afterAll(() => simulator.close());

const BETA = { headers: { 'kimi-api-version': '2026-09-01-beta' } };

function upload(text: string, purpose: string, init: RequestInit = {}): Promise<Response> {
  const form = new FormData();
  form.set('purpose', purpose);
  const name = { image: 'note.png', video: 'note.mp4', batch: 'note.jsonl' }[purpose] ?? 'note.txt';
  form.set('file', new Blob([text], { type: 'text/plain' }), name);
  return client.request('/files', { ...init, method: 'POST', body: form });
}

test('upload, list, read, delete', async () => {
  const file: unknown = await (await upload('Hello\r\n--你好', 'file-extract')).json();
  expect(file).toMatchObject({
    object: 'file',
    bytes: 15,
    filename: 'note.txt',
    status: 'ready',
    created_at: 1_700_000_000,
  });
  const id = String(at(file, 'id'));
  expect(id).toMatch(/^file_/);
  expect(at(await (await upload('x', 'file-extract')).json(), 'filename')).toBe('note_1.txt');
  const list = await (await client.request('/files?page_size=1')).json();
  expect(list).toMatchObject({ object: 'list', first_id: id, last_id: id, has_more: true });
  const content = await (await client.request(`/files/${id}/content`)).json();
  expect(content).toMatchObject({ content: 'Hello\r\n--你好', filename: 'note.txt', file_type: 'text/plain' });
  const removed = await client.request(`/files/${id}`, { method: 'DELETE' });
  expect(await removed.json()).toEqual({ id, object: 'file', deleted: true });
  expect((await client.request(`/files/${id}`)).status).toBe(404);
});

test('the newer shape, by its header', async () => {
  const created = await upload('Hello', 'image', BETA);
  expect(created.status).toBe(201);
  const file = await created.json();
  expect(file).toMatchObject({ size_bytes: 5, mime_type: 'text/plain', created_at: '2023-11-14T22:13:20.000Z' });
  const list = await (await client.request('/files', BETA)).json();
  expect(list).toMatchObject({ next_page_token: '' });
  const url = `ms://${at(file, 'id')}`;
  const seen = await client.chat([{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }]);
  expect(seen.status).toBe(200);
  const removed = await client.request(`/files/${at(file, 'id')}`, { ...BETA, method: 'DELETE' });
  expect([removed.status, await removed.text()]).toEqual([204, '']);
});

test('refusals', async () => {
  const message = async (response: Response): Promise<unknown[]> => [
    response.status,
    at(await response.json(), 'error', 'message'),
  ];
  expect(await message(await upload('x', 'fine-tune'))).toEqual([400, "Invalid purpose: only 'file-extract' accepted"]);
  expect(await message(await upload('', 'file-extract'))).toEqual([
    400,
    'File size is zero, please confirm and re-upload the file',
  ]);
  const picture: unknown = await (await upload('x', 'image')).json();
  expect((await client.request(`/files/${at(picture, 'id')}/content`)).status).toBe(400);
  expect((await client.request('/files', { headers: { 'kimi-api-version': '1' } })).status).toBe(400);
  expect((await client.request('/files', { method: 'PATCH' })).status).toBe(404);
  expect((await client.request('/filesystem')).status).toBe(404);
});

test('what an account may hold, and what a file of a purpose may be', async () => {
  const small = await startSimulator({ files: { maxBytes: 100, maxCount: 2, maxTotalBytes: 150 } });
  const mine = new SimClient(small);
  const send = async (text: string, purpose: string, name: string) => {
    const form = new FormData();
    form.set('purpose', purpose);
    form.set('file', new File([text], name));
    const response = await mine.request('/files', { method: 'POST', body: form });
    return [response.status, at(await response.json(), 'error', 'message')];
  };
  expect((await send('x'.repeat(101), 'file-extract', 'a.txt'))[1]).toMatch(/^File size is too large/);
  for (const [purpose, name] of [
    ['image', 'a.txt'],
    ['image', 'a.svg'],
    ['video', 'a.png'],
    ['batch', 'a.json'],
    ['file-extract', 'a.mp4'],
  ]) {
    expect((await send('x', String(purpose), String(name)))[1]).toMatch(/is not supported for purpose/);
  }
  expect((await send('x'.repeat(100), 'image', 'a.PNG'))[0]).toBe(200);
  expect((await send('x'.repeat(51), 'image', 'b.png'))[1]).toMatch(/^The total size/);
  expect((await send('x', 'batch', 'b.jsonl'))[0]).toBe(200);
  expect((await send('x', 'batch', 'c.jsonl'))[1]).toMatch(/exceeded the max file count 2,/);
  await small.close();
});

test('what is extracted is scripted', async () => {
  const told = await (await upload('%PDF-1.7\nsim: extract one\\ntwo\n', 'file-extract')).json();
  const content = await client.request(`/files/${at(told, 'id')}/content`);
  expect(await content.json()).toMatchObject({ content: 'one\ntwo' });
  const broken = await (await upload('sim: extract-error', 'file-extract')).json();
  expect(broken).toMatchObject({ status: 'error' });
  expect((await client.request(`/files/${at(broken, 'id')}/content`)).status).toBe(400);
});

test('another account has other files', async () => {
  const own = await startSimulator({
    accounts: [
      { keys: 'sk-one', host: 'cn' },
      { keys: 'sk-two', host: 'cn' },
    ],
  });
  const part = { filename: 'a.png', mimeType: 'image/png', purpose: 'image', bytes: Buffer.from('x') };
  const { id } = own.account('sk-one').files.add(part);
  const look = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: `ms://${id}` } }] }];
  expect((await new SimClient(own, 'sk-one').chat(look)).status).toBe(200);
  const refused = await new SimClient(own, 'sk-two').chat(look);
  expect([refused.status, at(await refused.json(), 'error', 'message')]).toEqual([
    400,
    `Invalid request: file ${id} not found`,
  ]);
  expect((await new SimClient(own, 'sk-two').request(`/files/${id}`)).status).toBe(404);
  await own.close();
});
