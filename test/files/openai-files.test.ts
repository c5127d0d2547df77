import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { AI_KEY, CN_KEY, CN_KEY_2, describeMatrix, platform, type Rig, startRig } from '../setup.ts';

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
const note = (text = 'Hello', name = 'note.txt') => toFile(Buffer.from(text), name, { type: 'text/plain' });

describeMatrix('files with openai 7', (door) => {
  test('upload, wait, list, read, delete', async () => {
    await using rig = await startRig({ door });
    const { files } = clientOf(rig);
    // Kimi's purpose, which OpenAI's types do not know.
    const purpose = 'file-extract' as 'assistants';
    const file = await files.create({ file: await note('Hello\r\n--你好'), purpose });
    expect(file).toMatchObject({ object: 'file', bytes: 15, filename: 'note.txt', purpose: 'file-extract' });
    expect(await files.waitForProcessing(file.id, { pollInterval: 1 })).toMatchObject({ status: 'processed' });
    expect(await files.retrieve(file.id)).toMatchObject({ id: file.id, filename: 'note.txt' });
    const list = await files.list();
    expect(list.data.map(({ id }) => id)).toEqual([file.id]);
    const content = (await (await files.content(file.id)).json()) as object;
    expect(content).toMatchObject({ content: 'Hello\r\n--你好', filename: 'note.txt' });
    expect(await files.delete(file.id)).toMatchObject({ id: file.id, deleted: true });
    await expect(files.retrieve(file.id)).rejects.toThrow(OpenAI.NotFoundError);
    expect(rig.simulator.account(CN_KEY).files.size).toBe(0);
  });

  test('a stream from disk, under OpenAI’s name for the purpose', async () => {
    await using rig = await startRig({ door });
    const folder = mkdtempSync(join(tmpdir(), 'moongate-files-'));
    const path = join(folder, 'long.txt');
    writeFileSync(path, 'line of text\n'.repeat(200_000));
    try {
      const { files } = clientOf(rig);
      const file = await files.create({ file: createReadStream(path), purpose: 'user_data' });
      expect(file).toMatchObject({ bytes: 2_600_000, purpose: 'file-extract', filename: 'long.txt' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('pictures and videos by what they are', async () => {
    await using rig = await startRig({ door });
    const { files } = clientOf(rig);
    const picture = await toFile(Buffer.from('x'), 'a.png', { type: 'image/png' });
    expect(await files.create({ file: picture, purpose: 'vision' })).toMatchObject({ purpose: 'image' });
    const clip = await toFile(Buffer.from('x'), 'a.mp4', { type: 'video/mp4' });
    expect(await files.create({ file: clip, purpose: 'user_data' })).toMatchObject({ purpose: 'video' });
    const only = await files.list({ purpose: 'video' });
    expect(only.data.map(({ filename }) => filename)).toEqual(['a.mp4']);
  });

  test.each([
    [
      'another purpose',
      { purpose: 'fine-tune' as const },
      'purpose',
      /no files with the purpose 'fine-tune'.*file-extract/,
    ],
    ['an empty file', { file: note('') }, undefined, /File size is zero/],
  ])('%s is refused', async (_name, more, param, says) => {
    await using rig = await startRig({ door });
    const upload = {
      file: await ('file' in more ? more.file : note()),
      purpose: 'purpose' in more ? more.purpose : ('user_data' as const),
    };
    const created = clientOf(rig).files.create(upload);
    await expect(created).rejects.toThrow(OpenAI.BadRequestError);
    await expect(created).rejects.toThrow(says);
    if (param !== undefined) await expect(created).rejects.toMatchObject({ param });
  });
});

describe('the files of several accounts', () => {
  const TWO = { config: (simulator: Rig['simulator']) => ({ surfaces: platform(simulator, [CN_KEY, CN_KEY_2]) }) };

  test('are one list, paged', async () => {
    await using rig = await startRig(TWO);
    for (const key of [CN_KEY, CN_KEY_2, AI_KEY]) {
      for (const name of ['a', 'b']) {
        const part = {
          filename: `${name}.txt`,
          mimeType: 'text/plain',
          purpose: 'file-extract',
          bytes: Buffer.from('x'),
        };
        rig.simulator.account(key).files.add(part);
      }
    }
    const { files } = clientOf(rig);
    const found: string[] = [];
    for await (const { id } of files.list({ limit: 4, order: 'asc' })) found.push(id);
    expect(new Set(found).size).toBe(6);
    const page = await files.list({ limit: 4 });
    expect([page.data.length, page.has_more]).toEqual([4, true]);
    // Known by nobody here: each account is asked.
    for (const id of found) expect((await files.retrieve(id)).id).toBe(id);
    await expect(files.retrieve('file_nobody')).rejects.toMatchObject({ status: 404, code: 'resource_not_found' });
    await expect(files.list({ after: 'file_nobody' })).rejects.toMatchObject({ status: 400, param: 'after' });
  });

  test('an account that fails is named, and the rest is listed', async () => {
    await using rig = await startRig(TWO);
    rig.simulator
      .account(AI_KEY)
      .files.add({ filename: 'a', mimeType: 'text/plain', purpose: 'batch', bytes: Buffer.from('x') });
    rig.simulator.fail({ fault: 'server', times: 2, match: ({ path }) => path === '/cn/v1/files' });
    const response = await rig.get('/v1/files');
    expect(response.headers.get('x-moongate-notes')).toMatch(/moonshot-cn.*not listed: upstream_error/);
    expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(1);
  });

  test('a small file goes to another account where the first is refused', async () => {
    await using rig = await startRig(TWO);
    rig.simulator.fail({ fault: 'auth', times: 1, match: ({ path }) => path === '/cn/v1/files' });
    const file = await clientOf(rig).files.create({ file: await note(), purpose: 'user_data' });
    const sizes = [CN_KEY, CN_KEY_2].map((key) => rig.simulator.account(key).files.size);
    expect(sizes.sort()).toEqual([0, 1]);
    expect((await clientOf(rig).files.retrieve(file.id)).id).toBe(file.id);
  });

  test('one inbound key neither sees nor uses nor deletes what another uploaded', async () => {
    const keys = ['one', 'two'].map((name) => ({ name, key: `inbound-${name}-0123456789` }));
    await using rig = await startRig({ config: { keys }, secrets: keys.map(({ key }) => key) });
    const [one, two] = keys.map(
      ({ key }) => new OpenAI({ apiKey: key, baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 }),
    );
    if (!one || !two) throw new Error('two clients');
    const file = await one.files.create({
      file: await toFile(Buffer.from('x'), 'a.png', { type: 'image/png' }),
      purpose: 'vision',
    });
    expect((await one.files.list()).data).toHaveLength(1);
    expect((await two.files.list()).data).toHaveLength(0);
    await expect(two.files.retrieve(file.id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(two.files.delete(file.id)).rejects.toThrow(OpenAI.NotFoundError);
    const look = {
      role: 'user' as const,
      content: [{ type: 'image_url' as const, image_url: { url: `ms://${file.id}` } }],
    };
    await expect(two.chat.completions.create({ model: 'kimi-k2.6', messages: [look] })).rejects.toThrow(
      /There is no file/,
    );
    expect((await one.chat.completions.create({ model: 'kimi-k2.6', messages: [look] })).choices).toHaveLength(1);
  });
});

test('without the platform there are no files, and it says where they are', async () => {
  const key = 'sk-kimi-rig-0123456789abcdef';
  await using rig = await startRig({
    simulator: { accounts: [{ keys: key, host: 'code' }] },
    config: (simulator) => ({ surfaces: { 'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key }] } } }),
    secrets: [key],
  });
  const { files, batches } = clientOf(rig);
  const calls = [
    async () => files.create({ file: await note(), purpose: 'user_data' }),
    async () => files.list(),
    async () => files.retrieve('file_1'),
    async () => batches.list(),
  ];
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({ status: 400, code: 'no_files' });
    await expect(call()).rejects.toThrow(/moonshot-cn.*moonshot-ai/);
  }
});

test('after a restart it is still known whose a file is', async () => {
  const keys = ['one', 'two'].map((name) => ({ name, key: `inbound-${name}-0123456789` }));
  const data = mkdtempSync(join(tmpdir(), 'moongate-owners-'));
  try {
    const simulator = await startSimulator({ accounts: [{ keys: CN_KEY, host: 'cn' }] });
    const surfaces = { 'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key: CN_KEY }] } };
    const options = { config: { keys, data, surfaces }, secrets: keys.map(({ key }) => key) };
    const client = (rig: Rig, { key }: { key: string }) =>
      new OpenAI({ apiKey: key, baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
    const [one, two] = keys;
    if (!one || !two) throw new Error('two keys');
    let id = '';
    {
      await using rig = await startRig(options);
      ({ id } = await client(rig, one).files.create({ file: await note(), purpose: 'user_data' }));
    }
    await using rig = await startRig(options);
    await expect(client(rig, two).files.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
    expect(await client(rig, one).files.retrieve(id)).toMatchObject({ id });
    await simulator.close();
  } finally {
    rmSync(data, { recursive: true });
  }
});

test('an account that is renamed keeps its files and whose they are', async () => {
  const keys = ['one', 'two'].map((name) => ({ name, key: `inbound-${name}-0123456789` }));
  await using rig = await startRig({ config: { keys }, secrets: keys.map(({ key }) => key) });
  const [one, two] = keys.map(
    ({ key }) => new OpenAI({ apiKey: key, baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 }),
  );
  if (!one || !two) throw new Error('two clients');
  const { id } = await one.files.create({ file: await note(), purpose: 'user_data' });
  const renamed = { base_url: rig.simulator.cnBaseUrl, credentials: [{ key: CN_KEY, account: 'renamed' }] };
  rig.gateway.reconfigure(rig.load({ keys, surfaces: { 'moonshot-cn': renamed } }).config);
  for (let time = 0; time < 2; time++) {
    expect(await one.files.retrieve(id)).toMatchObject({ id });
    await expect(two.files.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
  }
});
