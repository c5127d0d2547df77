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
  form.set('file', new Blob([text], { type: 'text/plain' }), 'note.txt');
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
