import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { ANTHROPIC_HEADERS, messagesRig, WAYS } from '../protocols/messages-rig.ts';
import { CN_KEY, type Rig, startRig } from '../setup.ts';

const clientOf = (rig: Rig) => new Anthropic({ apiKey: 'any', baseURL: rig.url, fetch: rig.fetch, maxRetries: 0 });
const purposes = (rig: Rig) =>
  rig.simulator
    .account(CN_KEY)
    .files.list()
    .map(({ purpose }) => purpose);

describe('files with @anthropic-ai/sdk', () => {
  test('go up without a purpose and come back in their own shape', async () => {
    await using rig = await startRig();
    const { files } = clientOf(rig).beta;
    const made = await files.upload({
      file: await toFile(Buffer.from('Hello 你好'), 'note.txt', { type: 'text/plain' }),
    });
    expect(made).toMatchObject({
      ...{ type: 'file', filename: 'note.txt', mime_type: 'text/plain', size_bytes: 12, downloadable: true },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    await files.upload({ file: await toFile(Buffer.from('x'), 'a.png', { type: 'image/png' }) });
    await files.upload({ file: await toFile(Buffer.from('x'), 'b.webp') });
    expect(purposes(rig).sort()).toEqual(['file-extract', 'image', 'image']);
    expect(await files.retrieveMetadata(made.id)).toEqual(made);
    const listed: string[] = [];
    for await (const { id, type } of files.list({ limit: 1 })) listed.push(`${type} ${id}`);
    expect(listed).toHaveLength(3);
    expect(listed).toContain(`file ${made.id}`);
    expect(await (await files.download(made.id)).text()).toContain('Hello 你好');
    expect(await files.delete(made.id)).toEqual({ id: made.id, type: 'file_deleted' });
    await expect(files.retrieveMetadata(made.id)).rejects.toThrow(Anthropic.NotFoundError);
  });

  test.each(WAYS)('are used by their id through $way', async ({ way, model }) => {
    await using rig = await messagesRig(way);
    const client = clientOf(rig);
    const file = await client.beta.files.upload({
      file: await toFile(Buffer.from('The word is xyzzy.'), 'a.txt', { type: 'text/plain' }),
    });
    const content: Anthropic.Beta.BetaContentBlockParam[] = [
      { type: 'document', source: { type: 'file', file_id: file.id } },
      { type: 'text', text: 'What is the word?' },
    ];
    const answer = await client.beta.messages.create({
      ...{ model, max_tokens: 16_000, betas: ['files-api-2025-04-14'] },
      messages: [{ role: 'user', content }],
    });
    expect(answer.type).toBe('message');
    expect(JSON.stringify(rig.simulator.calls.at(-1)?.body)).toContain('The word is xyzzy.');
  });

  test('a large one goes up as a stream, with the length that it has', async () => {
    await using rig = await startRig();
    const size = 3 * 1024 * 1024;
    const { id } = await clientOf(rig).beta.files.upload({
      file: await toFile(Buffer.alloc(size, 'x'), 'a.txt', { type: 'text/plain' }),
    });
    expect(rig.simulator.account(CN_KEY).files.get(id)?.bytes.length).toBe(size);
  });
});

test('what Anthropic has and Kimi has not is said in Anthropic’s shape', async () => {
  await using rig = await startRig();
  const { batches } = clientOf(rig).messages;
  await expect(batches.list()).rejects.toThrow(Anthropic.NotFoundError);
  await expect(batches.list()).rejects.toThrow(/Kimi has no batches in Anthropic's shape.*POST \/v1\/batches/);
  await expect(batches.create({ requests: [] })).rejects.toThrow(/no batches/);
  const response = await rig.get('/v1/complete', { method: 'POST', body: '{}', headers: ANTHROPIC_HEADERS });
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { type: 'error', error: { type: 'not_found_error' } },
  ]);
});
