import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { describe, expect, test } from 'vitest';
import { messagesRig, WAYS, type Way } from '../protocols/messages-rig.ts';
import type { Rig } from '../setup.ts';
import { until } from '../until.ts';
import { thoughtsIn } from './thoughts.ts';
import { ANSWER, THREE_TURNS, WEATHER } from './tools.ts';

const clientOf = (rig: Rig, options: ConstructorParameters<typeof Anthropic>[0] = {}) =>
  new Anthropic({ baseURL: rig.url, apiKey: 'any', fetch: rig.fetch, maxRetries: 0, ...options });

const user = (content: string) => ({ role: 'user' as const, content });

const paths = (rig: Rig) =>
  rig.simulator.calls.map(({ path }) => path).filter((path) => /messages|completions/.test(path));
const FACE: Readonly<Record<Way, string>> = { 'kimi-code': '/coding/v1/messages', moonshot: '/cn/v1/chat/completions' };

describe.each(WAYS)('@anthropic-ai/sdk through $way', ({ way, model, thinks }) => {
  test('create', async () => {
    await using rig = await messagesRig(way);
    const message = await clientOf(rig).messages.create({
      model,
      max_tokens: 4_096,
      system: [{ type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral' } }],
      messages: [user('sim: think Hm.\nsim: say 你好\nsim: usage 700 30 512')],
    });
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text: '你好' },
    ]);
    expect(message.usage).toMatchObject({ input_tokens: 188, cache_read_input_tokens: 512, output_tokens: 30 });
    expect([message.stop_reason, message._request_id]).toEqual(['end_turn', expect.any(String)]);
    expect(paths(rig)).toEqual([FACE[way]]);
  });

  test('the stream helper and its events', async () => {
    await using rig = await messagesRig(way);
    const seen = { text: '', thinking: '', signature: '', blocks: 0 };
    const stream = clientOf(rig)
      .messages.stream({
        model,
        max_tokens: 4_096,
        messages: [user('sim: think-n 5\nsim: say 你好 😀\nsim: say-n 20')],
      })
      .on('text', (delta) => (seen.text += delta))
      .on('thinking', (delta) => (seen.thinking += delta))
      .on('signature', (signature) => (seen.signature = signature))
      .on('contentBlock', () => seen.blocks++);
    const message = await stream.finalMessage();
    expect(seen).toEqual({
      text: expect.stringMatching(/^你好 😀( \w{3}){20}$/),
      thinking: expect.stringMatching(/^( \w{3}){5}$/),
      signature: expect.stringMatching(/./),
      blocks: 2,
    });
    expect(await stream.finalText()).toBe(seen.text);
    expect(message.usage.output_tokens).toBeGreaterThan(20);
  });

  test.each([{ stream: false }, { stream: true }])(
    'a tool loop of three turns with thinking, stream $stream',
    async ({ stream }) => {
      await using rig = await messagesRig(way);
      const cities: string[] = [];
      const weather = betaTool({
        name: WEATHER.name,
        description: WEATHER.description,
        inputSchema: { ...WEATHER.parameters, required: ['city'] },
        run: ({ city }) => {
          cities.push(String(city));
          return 'sunny';
        },
      });
      const asked = { model: thinks, max_tokens: 4_096, messages: [user(THREE_TURNS)], tools: [weather] };
      const client = clientOf(rig);
      let last: { content: readonly { type: string; text?: string }[] } | undefined;
      if (stream) {
        for await (const turn of client.beta.messages.toolRunner({ ...asked, stream: true }))
          last = await turn.finalMessage();
      } else last = await client.beta.messages.toolRunner(asked).runUntilDone();
      expect(last?.content.at(-1)).toMatchObject({ type: 'text', text: ANSWER });
      expect(cities).toEqual(['Beijing', 'Paris']);
      expect(paths(rig)).toEqual([FACE[way], FACE[way], FACE[way]]);
      expect(thoughtsIn(rig)).toEqual(['First Beijing. 先查北京。', 'Now Paris.']);
    },
  );

  test('an aborted stream ends the call to the surface', async () => {
    await using rig = await messagesRig(way);
    const stream = clientOf(rig).messages.stream({
      model,
      max_tokens: 4_096,
      messages: [user('sim: say-n 20\nsim: stall 10')],
    });
    stream.on('text', () => stream.abort());
    await expect(stream.done()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });

  test.each([
    { fault: 'auth', error: Anthropic.AuthenticationError, status: 401 },
    { fault: 'overload', error: Anthropic.InternalServerError, status: 529 },
    { fault: 'rate-limit', error: Anthropic.RateLimitError, status: 429 },
    { fault: 'filter', error: Anthropic.BadRequestError, status: 400 },
    { fault: 'server', error: Anthropic.InternalServerError, status: 500 },
  ])('$fault is the client’s own error', async ({ fault, error, status }) => {
    await using rig = await messagesRig(way, { settings: { retries: { attempts: 1 } } });
    const failure = await clientOf(rig)
      .messages.create({ model, max_tokens: 4_096, messages: [user(`sim: fault ${fault}`)] })
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(error);
    expect(failure).toMatchObject({
      status,
      requestID: expect.any(String),
      error: { type: 'error', error: { message: expect.any(String) } },
    });
    if (status === 529) expect(failure).toMatchObject({ type: 'overloaded_error' });
  });

  test('an error in the middle of a stream', async () => {
    await using rig = await messagesRig(way);
    const stream = clientOf(rig).messages.stream({
      model,
      max_tokens: 4_096,
      messages: [user('sim: pause 5\nsim: say-n 5\nsim: error-chunk server_error It broke.')],
    });
    const failure = await stream.finalMessage().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Anthropic.APIError);
    expect(failure).toMatchObject({ message: expect.stringContaining('It broke.') });
  });

  test('a name that nobody serves', async () => {
    await using rig = await messagesRig(way);
    const asked = { model: 'nobody-knows', max_tokens: 10, messages: [user('hi')] };
    await expect(clientOf(rig).messages.create(asked)).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(clientOf(rig).models.retrieve('nobody-knows')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });

  test('counting tokens', async () => {
    await using rig = await messagesRig(way);
    const count = async (text: string, more = {}) =>
      (await clientOf(rig).messages.countTokens({ model, messages: [user(text)], ...more })).input_tokens;
    const small = await count('Hello');
    expect(small).toBeGreaterThan(0);
    expect(await count('Hello'.repeat(100))).toBeGreaterThan(small + 50);
    expect(await count('Hello', { system: 'You are a poet of few words.' })).toBeGreaterThan(small);
    const picture = {
      type: 'image' as const,
      source: { type: 'base64' as const, media_type: 'image/png' as const, data: 'A'.repeat(400_000) },
    };
    const seen = await clientOf(rig).messages.countTokens({ model, messages: [{ role: 'user', content: [picture] }] });
    expect(seen.input_tokens).toBeLessThan(5_000);
  });

  test('models, page by page', async () => {
    await using rig = await messagesRig(way);
    const client = clientOf(rig);
    const ids: string[] = [];
    for await (const { id } of client.models.list({ limit: 3 })) ids.push(id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(model);
    const backwards = await client.models.list({ limit: 2, before_id: ids[3] ?? '' });
    expect([backwards.data.map(({ id }) => id), backwards.has_more]).toEqual([ids.slice(1, 3), true]);
    expect(await client.models.retrieve(model)).toMatchObject({
      type: 'model',
      id: model,
      display_name: expect.any(String),
    });
    await expect(client.models.list({ limit: 0 })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    await expect(client.models.list({ after_id: 'nobody' })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  test('a bearer token does as well as a key', async () => {
    await using rig = await messagesRig(way, {
      settings: { keys: [{ name: 'laptop', key: 'mg-rig-0123456789' }] },
      secrets: [],
    });
    const asked = { model, max_tokens: 4_096, messages: [user('sim: say hi')] };
    for (const how of [{ authToken: 'mg-rig-0123456789', apiKey: null }, { apiKey: 'mg-rig-0123456789' }]) {
      expect((await clientOf(rig, how).messages.create(asked)).stop_reason).toBe('end_turn');
    }
    await expect(clientOf(rig, { apiKey: 'wrong' }).messages.create(asked)).rejects.toBeInstanceOf(
      Anthropic.AuthenticationError,
    );
  });

  test('structured outputs and a prefilled answer', async () => {
    await using rig = await messagesRig(way);
    const client = clientOf(rig);
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const answer = await client.messages.create({
      model,
      max_tokens: 4_096,
      messages: [user('A city?')],
      output_config: { format: { type: 'json_schema', schema } },
    });
    expect(JSON.parse(answer.content.map((block) => (block.type === 'text' ? block.text : '')).join(''))).toEqual({
      city: expect.any(String),
    });
    const prefilled = await client.messages.create({
      model,
      max_tokens: 4_096,
      messages: [user('sim: say Once upon a time'), { role: 'assistant', content: 'Once upon' }],
    });
    expect(prefilled.content).toMatchObject([{ type: 'text', text: ' a time' }]);
  });
});
