import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { AI_KEY, CN_KEY, CN_KEY_2, platform, type Rig, type Settings, startRig } from '../setup.ts';

const MODEL = 'kimi-k2.6';
const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
const TWO = { config: (simulator: Rig['simulator']) => ({ surfaces: platform(simulator, [CN_KEY, CN_KEY_2]) }) };

const stored = (rig: Rig, key: string, text: string, purpose = 'file-extract', filename = 'report.pdf') =>
  rig.simulator.account(key).files.add({ filename, mimeType: 'application/pdf', purpose, bytes: Buffer.from(text) }).id;

const ask = (...content: readonly unknown[]): Settings => ({
  model: MODEL,
  messages: [{ role: 'user', content: [...content, { type: 'text', text: 'sim: say seen' }] }],
});
const byId = (id: string) => ({ type: 'file', file: { file_id: id } });
const look = (id: string) => ({ type: 'image_url', image_url: { url: `ms://${id}` } });

const said = async (response: Response) => {
  const body = (await response.json()) as { choices?: { message: { content: string } }[]; error?: { message: string } };
  return body.choices?.[0]?.message.content ?? body.error?.message;
};
const chats = (rig: Rig) => rig.simulator.calls.filter(({ path }) => path.endsWith('/chat/completions'));
const messagesOf = (rig: Rig) => {
  const body = chats(rig).at(-1)?.body as { messages: { role: string; content: unknown }[] } | undefined;
  return body?.messages ?? [];
};

describe('pictures and videos that were uploaded', () => {
  test('the call goes to the account in which they lie, whoever’s turn it is', async () => {
    await using rig = await startRig(TWO);
    for (const key of [CN_KEY, CN_KEY_2, AI_KEY, CN_KEY_2, CN_KEY]) {
      const id = stored(rig, key, 'x', 'image', 'a.png');
      for (let time = 0; time < 3; time++) {
        expect(await said(await rig.chat(ask(look(id))))).toBe('seen');
        expect(chats(rig).at(-1)?.headers['authorization']).toBe(`Bearer ${key}`);
      }
    }
  });

  test('its own upload is known without asking', async () => {
    await using rig = await startRig(TWO);
    const file = await toFile(Buffer.from('x'), 'a.png', { type: 'image/png' });
    const { id } = await clientOf(rig).files.create({ file, purpose: 'vision' });
    const before = rig.simulator.calls.length;
    expect(await said(await rig.chat(ask(look(id), { type: 'video_url', video_url: { url: `ms://${id}` } })))).toBe(
      'seen',
    );
    expect(rig.simulator.calls.slice(before).map(({ method }) => method)).toEqual(['POST']);
  });

  test('by `file_id` they become what they were uploaded for', async () => {
    await using rig = await startRig(TWO);
    const id = stored(rig, CN_KEY_2, 'x', 'image', 'a.png');
    expect(await said(await rig.chat(ask(byId(id))))).toBe('seen');
    expect(messagesOf(rig)[0]?.content).toMatchObject([{ image_url: { url: `ms://${id}` } }, { type: 'text' }]);
  });

  test('of two accounts they cannot be seen in one call', async () => {
    await using rig = await startRig(TWO);
    const [one, two] = [stored(rig, CN_KEY, 'x', 'image', 'a.png'), stored(rig, CN_KEY_2, 'x', 'image', 'b.png')];
    const response = await rig.chat(ask(look(one), look(two)));
    expect([response.status, await said(response)]).toEqual([400, expect.stringContaining('in different accounts')]);
  });

  test('one that nobody has is a 400 that names it', async () => {
    await using rig = await startRig(TWO);
    const response = await rig.chat(ask(look('file_nobody')));
    expect([response.status, await said(response)]).toEqual([400, 'There is no file file_nobody.']);
    expect(chats(rig)).toHaveLength(0);
  });

  test('while their account rests, nobody else is asked', async () => {
    await using rig = await startRig({
      config: (simulator) => ({
        surfaces: platform(simulator, [CN_KEY, CN_KEY_2]),
        retries: { attempts: 3, first_ms: 0, most_ms: 0 },
        timeouts: { queue_ms: 0 },
      }),
    });
    const id = stored(rig, CN_KEY_2, 'x', 'image', 'a.png');
    rig.simulator.account(CN_KEY_2).suspended = true;
    const response = await rig.chat(ask(look(id)));
    expect(response.status).toBe(429);
    await response.text();
    expect(new Set(chats(rig).map(({ headers }) => headers['authorization']))).toEqual(new Set([`Bearer ${CN_KEY_2}`]));
  });
});

describe('documents', () => {
  test('by id: their text stands in a system message before the question, and is read once', async () => {
    await using rig = await startRig(TWO);
    const id = stored(rig, CN_KEY_2, 'sim: extract The answer is 42.');
    const request = {
      model: MODEL,
      messages: [
        { role: 'user', content: 'sim: say before' },
        { role: 'assistant', content: 'before' },
        { role: 'user', content: [byId(id), { type: 'text', text: 'sim: say seen' }] },
      ],
    };
    for (let time = 0; time < 2; time++) {
      const response = await rig.chat(request);
      expect(response.headers.get('x-moongate-notes')).toBe('document report.pdf sent as its text');
      expect(await said(response)).toBe('seen');
      expect(messagesOf(rig).map(({ role }) => role)).toEqual(['user', 'assistant', 'system', 'user']);
      expect(JSON.parse(String(messagesOf(rig)[2]?.content))).toMatchObject({ content: 'The answer is 42.' });
    }
    expect(rig.simulator.calls.filter(({ path }) => path.endsWith('/content'))).toHaveLength(1);
  });

  test('with nothing beside them, and in the result of a tool', async () => {
    await using rig = await startRig();
    const id = stored(rig, CN_KEY, 'sim: extract Text.');
    const call = { id: 'read:0', type: 'function', function: { name: 'read', arguments: '{}' } };
    const response = await rig.chat({
      model: MODEL,
      messages: [
        { role: 'user', content: [byId(id)] },
        { role: 'assistant', content: null, tool_calls: [call], reasoning_content: '' },
        { role: 'tool', tool_call_id: 'read:0', content: [byId(id)] },
      ],
      tools: [{ type: 'function', function: { name: 'read', parameters: { type: 'object', properties: {} } } }],
    });
    expect(response.status).toBe(200);
    await response.text();
    expect(messagesOf(rig).map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
    expect(JSON.stringify(messagesOf(rig)[1])).toContain('[report.pdf]');
    expect(JSON.stringify(messagesOf(rig)[3])).toContain('Text.');
  });

  test('in the request: uploaded, read, deleted; known by their bytes the next time', async () => {
    await using rig = await startRig();
    const data = `data:application/pdf;base64,${Buffer.from('%PDF sim\nsim: extract From a PDF.').toString('base64')}`;
    const request = ask({ type: 'file', file: { filename: 'a "b".pdf', file_data: data } });
    for (let time = 0; time < 2; time++) {
      expect(await said(await rig.chat(request))).toBe('seen');
      expect(JSON.stringify(messagesOf(rig)[0])).toContain('From a PDF.');
    }
    const uploads = rig.simulator.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/files'));
    expect(uploads).toHaveLength(1);
    expect(rig.simulator.account(CN_KEY).files.size).toBe(0);
  });

  test('text in the request is text', async () => {
    await using rig = await startRig();
    const data = `data:text/markdown;base64,${Buffer.from('# 标题').toString('base64')}`;
    expect(await said(await rig.chat(ask({ type: 'input_file', filename: 'a.md', file_data: data })))).toBe('seen');
    expect(messagesOf(rig)[0]).toEqual({ role: 'system', content: '# 标题' });
    expect(rig.simulator.calls.some(({ path }) => path.endsWith('/files'))).toBe(false);
  });

  test('from @anthropic-ai/sdk, streamed', async () => {
    await using rig = await startRig();
    const client = new Anthropic({ apiKey: 'any', baseURL: rig.url, maxRetries: 0 });
    const data = Buffer.from('%PDF\nsim: extract Claude sees.').toString('base64');
    const source = { type: 'base64' as const, media_type: 'application/pdf' as const, data };
    const content = [
      { type: 'document' as const, source },
      { type: 'text' as const, text: 'sim: say seen' },
    ];
    const stream = client.messages.stream({
      model: 'claude-sonnet-4-5',
      max_tokens: 4_096,
      messages: [{ role: 'user', content }],
    });
    expect(await stream.finalText()).toBe('seen');
    expect(JSON.stringify(rig.simulator.calls.at(-1)?.body)).toContain('Claude sees.');
  });

  test('larger than the limit are refused', async () => {
    await using rig = await startRig({ config: { files: { text_bytes: 1_000 } } });
    const id = stored(rig, CN_KEY, `sim: extract ${'x'.repeat(1_001)}`);
    const response = await rig.chat(ask(byId(id)));
    expect([response.status, await said(response)]).toEqual([400, expect.stringContaining('larger than 1000 bytes')]);
  });

  test('without a model of the platform: an uploaded one is told, one in the request is refused with the way', async () => {
    const key = 'sk-kimi-rig-0123456789abcdef';
    await using rig = await startRig({
      simulator: {
        accounts: [
          { keys: key, host: 'code' },
          { keys: CN_KEY, host: 'cn' },
        ],
      },
      config: (simulator) => ({
        surfaces: {
          'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key }] },
          'moonshot-cn': { base_url: simulator.cnBaseUrl, credentials: [{ key: CN_KEY }] },
        },
      }),
      secrets: [key],
    });
    const coding = (part: unknown) => rig.chat({ ...ask(part), model: 'kimi-for-coding' });
    const id = stored(rig, CN_KEY, 'sim: extract Text.');
    expect(await said(await coding(byId(id)))).toBe('seen');
    const data = `data:application/pdf;base64,${Buffer.from('%PDF').toString('base64')}`;
    const inline = await coding({ type: 'file', file: { file_data: data } });
    expect(inline.status).toBe(400);
    expect(await said(inline)).toMatch(/read by the open platform.*moonshot-cn or moonshot-ai/);
    const picture = await coding(look(stored(rig, CN_KEY, 'x', 'image', 'a.png')));
    expect(picture.status).toBe(400);
    expect(await said(picture)).toMatch(/lie at moonshot-cn, and kimi-for-coding is served by kimi-code/);
  });
});
