import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import { at, SimClient } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator;
let client: SimClient;

beforeAll(async () => {
  simulator = await startSimulator();
  client = new SimClient(simulator);
});
afterAll(() => simulator.close());

const line = (id: string, said: string, more: Record<string, unknown> = {}) => ({
  custom_id: id,
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: 'kimi-k2.6', messages: [{ role: 'user', content: said }], ...more },
});

function input(lines: readonly unknown[], purpose = 'batch'): string {
  const text = lines.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n');
  const part = { filename: 'in.jsonl', mimeType: 'application/jsonl', purpose, bytes: Buffer.from(text) };
  return simulator.account('sk-sim-cn').files.add(part).id;
}

const create = (id: string, more: Record<string, unknown> = {}) =>
  client.post('/batches', {
    ...{ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h', ...more },
  });
const look = async (id: unknown) => (await client.request(`/batches/${id}`)).json();

test('from validating to completed, a step each time somebody looks', async () => {
  const created: unknown = await (
    await create(input([line('a', 'sim: say one'), line('b', 'sim: fault filter')]), { metadata: { job: '1' } })
  ).json();
  expect(created).toMatchObject({ object: 'batch', status: 'validating', metadata: { job: '1' } });
  const id = at(created, 'id');
  const statuses = [];
  for (let step = 0; step < 4; step++) statuses.push(at(await look(id), 'status'));
  expect(statuses).toEqual(['in_progress', 'finalizing', 'completed', 'completed']);
  const done = await look(id);
  expect(done).toMatchObject({
    request_counts: { completed: 1, failed: 1, total: 2 },
    completed_at: expect.any(Number),
  });
  const output = await (await client.request(`/files/${at(done, 'output_file_id')}/content`)).text();
  expect(JSON.parse(output)).toMatchObject({
    custom_id: 'a',
    response: { status_code: 200, body: { choices: [{ message: { content: 'one' } }] } },
    error: null,
  });
  const errors = await (await client.request(`/files/${at(done, 'error_file_id')}/content`)).text();
  expect(JSON.parse(errors)).toMatchObject({ custom_id: 'b', response: { status_code: 400 } });
});

test.each([
  ['invalid_json_line', ['{']],
  ['duplicate_custom_id', [line('a', 'x'), line('a', 'y')]],
  ['missing_custom_id', [{ ...line('a', 'x'), custom_id: undefined }]],
  ['mismatched_endpoint', [{ ...line('a', 'x'), url: '/v1/embeddings' }]],
  ['invalid_method', [{ ...line('a', 'x'), method: 'GET' }]],
  ['invalid_body', [line('a', 'x', { temperature: 1 })]],
  ['model_not_supported', [line('a', 'x', { model: 'kimi-k3' })]],
  ['mismatched_model', [line('a', 'x'), line('b', 'x', { model: 'kimi-k2.7-code' })]],
  ['empty_file', []],
])('%s fails the batch', async (code, lines) => {
  const { id } = (await (await create(input(lines))).json()) as { id: string };
  const failed = await look(id);
  expect(failed).toMatchObject({ status: 'failed', errors: { object: 'list' } });
  expect(at(failed, 'errors', 'data', 0, 'code')).toBe(code);
});

test('refusals', async () => {
  const message = async (coming: Promise<Response>) => at(await (await coming).json(), 'error', 'message');
  const good = input([line('a', 'x')]);
  expect(await message(create('file_nobody'))).toMatch(/file file_nobody not found/);
  expect(await message(create(input([line('a', 'x')], 'file-extract')))).toMatch(/is not batch/);
  expect(await message(create(good, { endpoint: '/v1/completions' }))).toMatch(/endpoint must be/);
  for (const window of ['1h', '11h', '8d', 'soon', undefined]) {
    expect(await message(create(good, { completion_window: window }))).toMatch(/between 12h and 7d/);
  }
  expect(await message(create(good, { metadata: { ['k'.repeat(65)]: 'x' } }))).toMatch(/metadata takes 16 pairs/);
  expect((await client.request('/batches/batch_nobody')).status).toBe(404);
  expect((await client.request('/batches?limit=0')).status).toBe(400);
});

test('a batch is cancelled while it runs, and no more when it has ended', async () => {
  const { id } = (await (await create(input([line('a', 'x')]))).json()) as { id: string };
  const cancel = () => client.post(`/batches/${id}/cancel`, {});
  expect(at(await (await cancel()).json(), 'status')).toBe('cancelling');
  expect(at(await look(id), 'status')).toBe('cancelled');
  expect((await cancel()).status).toBe(400);
  const list = (await (await client.request('/batches?limit=1')).json()) as { data: unknown[]; has_more: boolean };
  expect([list.data.length, list.has_more]).toEqual([1, true]);
});
