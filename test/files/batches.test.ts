import OpenAI, { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { CN_KEY, CN_KEY_2, describeMatrix, platform, type Rig, startRig } from '../setup.ts';

const clientOf = (rig: Rig, apiKey = 'any') =>
  new OpenAI({ apiKey, baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });

const line = (id: string, said: string) =>
  JSON.stringify({
    ...{ custom_id: id, method: 'POST', url: '/v1/chat/completions' },
    body: { model: 'kimi-k2.6', messages: [{ role: 'user', content: said }] },
  });

const upload = async (client: OpenAI, ...lines: readonly string[]) =>
  client.files.create({ file: await toFile(Buffer.from(lines.join('\n')), 'in.jsonl'), purpose: 'batch' });

const JOB = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const;

describeMatrix('batches with openai 7', (door) => {
  test('from the input to the output', async () => {
    await using rig = await startRig({ door });
    const client = clientOf(rig);
    const file = await upload(client, line('a', 'sim: say one'), line('b', 'sim: say two'));
    const batch = await client.batches.create({ ...JOB, input_file_id: file.id, metadata: { job: '1' } });
    expect(batch).toMatchObject({ object: 'batch', status: 'validating', metadata: { job: '1' } });
    const statuses: string[] = [];
    let last = batch;
    while (last.status !== 'completed' && statuses.length < 9) {
      last = await client.batches.retrieve(batch.id);
      statuses.push(last.status);
    }
    expect(statuses).toEqual(['in_progress', 'finalizing', 'completed']);
    const output = await (await client.files.content(last.output_file_id ?? '')).text();
    const rows = output
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as { custom_id: string });
    expect(rows.map(({ custom_id }) => custom_id)).toEqual(['a', 'b']);
    expect(rows[1]).toMatchObject({ response: { body: { choices: [{ message: { content: 'two' } }] } } });
  });

  test('cancelled; listed newest first, page by page', async () => {
    await using rig = await startRig({ door });
    const client = clientOf(rig);
    const file = await upload(client, line('a', 'x'));
    const made: string[] = [];
    for (let count = 0; count < 3; count++) {
      made.push((await client.batches.create({ ...JOB, input_file_id: file.id })).id);
    }
    expect((await client.batches.cancel(made[0] ?? '')).status).toBe('cancelling');
    const listed: string[] = [];
    for await (const { id } of client.batches.list({ limit: 2 })) listed.push(id);
    expect(new Set(listed)).toEqual(new Set(made));
    expect(listed).toHaveLength(3);
  });

  test('what OpenAI has more is left out, what is wrong is said', async () => {
    await using rig = await startRig({ door });
    const client = clientOf(rig);
    const file = await upload(client, line('a', 'x'));
    const more = { output_expires_after: { anchor: 'created_at' as const, seconds: 3_600 } };
    const { response } = await client.batches.create({ ...JOB, ...more, input_file_id: file.id }).withResponse();
    expect(response.headers.get('x-moongate-notes')).toBe('output_expires_after left out');
    expect(rig.simulator.calls.at(-1)?.body).not.toHaveProperty('output_expires_after');
    const create = (parts: object) => client.batches.create({ ...JOB, ...parts } as OpenAI.BatchCreateParams);
    await expect(create({})).rejects.toMatchObject({ status: 400, param: 'input_file_id' });
    await expect(create({ input_file_id: 'file_nobody' })).rejects.toMatchObject({ status: 404 });
    await expect(create({ input_file_id: file.id, completion_window: '1h' })).rejects.toThrow(/between 12h and 7d/);
    await expect(client.batches.retrieve('batch_nobody')).rejects.toMatchObject({ code: 'resource_not_found' });
  });
});

describe('the batches of several accounts', () => {
  test('each runs where its input lies, and is found there', async () => {
    await using rig = await startRig({
      config: (simulator) => ({ surfaces: platform(simulator, [CN_KEY, CN_KEY_2]) }),
    });
    const client = clientOf(rig);
    const batches: string[] = [];
    for (const key of [CN_KEY, CN_KEY_2]) {
      const part = {
        filename: 'in.jsonl',
        mimeType: 'text/plain',
        purpose: 'batch',
        bytes: Buffer.from(line('a', 'x')),
      };
      const { id } = rig.simulator.account(key).files.add(part);
      const { id: batch } = await client.batches.create({ ...JOB, input_file_id: id });
      expect(rig.simulator.account(key).batches.get(batch)).toBeDefined();
      expect((await client.batches.retrieve(batch)).input_file_id).toBe(id);
      batches.push(batch);
    }
    expect((await client.batches.list()).data.map(({ id }) => id).sort()).toEqual(batches.sort());
  });

  test('what a batch made belongs to whom the batch belongs to', async () => {
    const keys = ['one', 'two'].map((name) => ({ name, key: `inbound-${name}-0123456789` }));
    await using rig = await startRig({ config: { keys }, secrets: keys.map(({ key }) => key) });
    const [one, two] = keys.map(({ key }) => clientOf(rig, key));
    if (!one || !two) throw new Error('two clients');
    const file = await upload(one, line('a', 'sim: say one'));
    const { id } = await one.batches.create({ ...JOB, input_file_id: file.id });
    for (let step = 0; step < 3; step++) await one.batches.retrieve(id);
    const output = (await one.batches.retrieve(id)).output_file_id ?? '';
    expect((await one.files.content(output)).status).toBe(200);
    await expect(two.files.content(output)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(two.batches.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
    expect((await two.batches.list()).data).toEqual([]);
  });
});
