import OpenAI, { toFile } from 'openai';
import { expect, test } from 'vitest';
import { CN_KEY, type Rig, type Settings, startRig } from '../setup.ts';

const KEYS = ['one', 'two'].map((name) => ({ name, key: `inbound-${name}-0123456789` }));
const keyed = (more: Settings = {}) =>
  startRig({ config: { keys: KEYS, ...more }, secrets: KEYS.map(({ key }) => key) });

function clientsOf(rig: Rig): readonly [OpenAI, OpenAI] {
  const client = (apiKey: string) => new OpenAI({ apiKey, baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
  return [client(KEYS[0]?.key ?? ''), client(KEYS[1]?.key ?? '')];
}

const line = JSON.stringify({
  ...{ custom_id: 'a', method: 'POST', url: '/v1/chat/completions' },
  body: { model: 'kimi-k2.6', messages: [{ role: 'user', content: 'sim: say one' }] },
});

/** A batch that ran to its end without anybody having asked the gateway for it meanwhile. */
async function ranBatch(rig: Rig, client: OpenAI) {
  const file = await client.files.create({ file: await toFile(Buffer.from(line), 'in.jsonl'), purpose: 'batch' });
  const { id } = await client.batches.create({
    ...{ endpoint: '/v1/chat/completions', completion_window: '24h' },
    input_file_id: file.id,
  });
  const look = () =>
    fetch(`${rig.simulator.cnBaseUrl}/batches/${id}`, { headers: { authorization: `Bearer ${CN_KEY}` } });
  for (let step = 0; step < 3; step++) await (await look()).text();
  const output = rig.simulator.account(CN_KEY).batches.get(id)?.outputFileId ?? '';
  expect(output).not.toBe('');
  return { id, output };
}

test('the output of a batch is nobody else’s, though nobody has looked at the batch', async () => {
  await using rig = await keyed();
  const [one, two] = clientsOf(rig);
  const { id, output } = await ranBatch(rig, one);
  expect((await two.files.list()).data).toEqual([]);
  await expect(two.files.content(output)).rejects.toThrow(OpenAI.NotFoundError);
  await expect(two.files.retrieve(output)).rejects.toThrow(OpenAI.NotFoundError);
  expect((await one.batches.list()).data.map((batch) => batch.id)).toEqual([id]);
  expect(await (await one.files.content(output)).text()).toContain('"one"');
  expect((await one.files.list()).data).toHaveLength(2);
  await expect(two.files.delete(output)).rejects.toThrow(OpenAI.NotFoundError);
});

test('what was shared while nobody knew better becomes its maker’s', async () => {
  await using rig = await keyed({ files: { unowned: 'shared' } });
  const [one, two] = clientsOf(rig);
  const { id, output } = await ranBatch(rig, one);
  expect((await two.files.content(output)).status).toBe(200);
  expect((await one.batches.retrieve(id)).output_file_id).toBe(output);
  await expect(two.files.content(output)).rejects.toThrow(OpenAI.NotFoundError);
  expect((await one.files.content(output)).status).toBe(200);
});

test('what was made elsewhere is hidden from keys, unless the owner shares it', async () => {
  await using rig = await keyed();
  const [one] = clientsOf(rig);
  const part = { filename: 'a.txt', mimeType: 'text/plain', purpose: 'file-extract', bytes: Buffer.from('Hello') };
  const { id } = rig.simulator.account(CN_KEY).files.add(part);
  await expect(one.files.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
  await expect(one.files.retrieve(id)).rejects.toThrow('files.unowned: shared');
  expect((await one.files.list()).data).toEqual([]);
  const asked = { role: 'user' as const, content: [{ type: 'file' as const, file: { file_id: id } }] };
  await expect(one.chat.completions.create({ model: 'kimi-k2.6', messages: [asked] })).rejects.toThrow(
    `There is no file ${id}.`,
  );
  const asks = rig.simulator.calls.filter(({ path }) => path.includes(id));
  expect(asks).toEqual([]);
  rig.gateway.reconfigure(rig.load({ keys: KEYS, files: { unowned: 'shared' } }).config);
  expect(await one.files.retrieve(id)).toMatchObject({ id });
  expect((await one.files.list()).data).toHaveLength(1);
});
