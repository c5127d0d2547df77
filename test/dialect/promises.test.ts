import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { MODELS } from '../../src/simulator/index.ts';
import { type Rig, type Settings, startRig } from '../setup.ts';
import { type Answer, ask, callsIn, messageOf, user, WEATHER } from './proofs/proof.ts';

const models = MODELS.map(({ id }) => id);
const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });

async function chunksOf(rig: Rig, body: Settings): Promise<{ chunks: Answer[]; response: Response }> {
  const response = await rig.chat({ ...body, stream: true, stream_options: { include_usage: true } });
  const text = await response.text();
  return {
    response,
    chunks: [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data ?? '') as Answer),
  };
}

describe('several choices', () => {
  test('of a stream have their own indices, and their usage is added up', async () => {
    await using rig = await startRig();
    const { chunks } = await chunksOf(rig, ask('sim: usage 10 4\nsim: say one two', { n: 3 }));
    const texts = ['', '', ''];
    for (const { index = 0, delta } of chunks.flatMap(({ choices = [] }) => choices))
      texts[index] += delta?.content ?? '';
    expect(texts).toEqual(['one two', 'one two', 'one two']);
    const usages = chunks.flatMap(({ usage }) => (usage ? [usage] : []));
    expect(usages).toMatchObject([{ prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 }]);
    const closed = chunks.flatMap(({ choices = [] }) => choices).filter((choice) => choice.finish_reason);
    expect(closed.map(({ index }) => index).toSorted()).toEqual([0, 1, 2]);
  });

  test('are limited by the configuration', async () => {
    await using rig = await startRig({ config: { limits: { choices: 2 } } });
    expect((await rig.chat(ask('hi', { n: 3 }))).status).toBe(400);
    expect((await rig.chat(ask('hi', { n: 2 }))).status).toBe(200);
  });
});

describe.each(models)('%s', (model) => {
  test.each(['required', { type: 'function', function: { name: 'get_weather' } }])(
    'calls a tool for %j',
    async (choice) => {
      await using rig = await startRig();
      const said = 'sim: say No.\nsim: turn 2\nsim: tool get_weather {"city":"Paris"}';
      const plain = model === 'kimi-k2.6' || model.startsWith('kimi-k3') ? 'Weather?' : said;
      const other = { ...WEATHER, function: { ...WEATHER.function, name: 'look_up' } };
      const tools = choice === 'required' ? [WEATHER] : [other, WEATHER];
      const whole = (await (await rig.chat(ask(plain, { model, tools, tool_choice: choice }))).json()) as Answer;
      expect(messageOf(whole).tool_calls?.map((call) => call.function?.name)).toEqual(['get_weather']);
      const { chunks } = await chunksOf(rig, ask(plain, { model, tools, tool_choice: choice }));
      expect(callsIn(chunks).map(({ name }) => name)).toEqual(['get_weather']);
    },
  );

  test('answers clients of functions in their own shape', async () => {
    await using rig = await startRig();
    const client = clientOf(rig);
    const request = {
      model,
      functions: [{ ...WEATHER.function }],
      messages: [
        user('Use get_weather'),
        { role: 'assistant', content: null, function_call: { name: 'get_weather', arguments: '{"city":"Rome"}' } },
        { role: 'function', name: 'get_weather', content: 'sunny' },
        user('sim: tool get_weather {"city":"Paris"}'),
      ],
    } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
    const whole = await client.chat.completions.create(request);
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'function_call',
      message: { function_call: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
    });
    let called = '';
    let reason: string | null = null;
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
      called += chunk.choices[0]?.delta.function_call?.arguments ?? '';
      reason = chunk.choices[0]?.finish_reason ?? reason;
    }
    expect([called, reason]).toEqual(['{"city":"Paris"}', 'function_call']);
  });
});

describe('a name that Kimi does not take', () => {
  const tool = { ...WEATHER, function: { ...WEATHER.function, name: 'mcp/7.weather' } };
  test('comes back as it was, from definitions, history and a named choice, in streams too', async () => {
    await using rig = await startRig();
    const called = { id: 'a', type: 'function', function: { name: 'mcp/7.weather', arguments: '{}' } };
    const body = {
      model: 'kimi-k2.6',
      messages: [
        user('hi'),
        { role: 'assistant', tool_calls: [called] },
        { role: 'tool', tool_call_id: 'a', content: 'grey' },
        user('Again'),
      ],
      tools: [tool],
      tool_choice: { type: 'function', function: { name: 'mcp/7.weather' } },
    };
    const whole = (await (await rig.chat(body)).json()) as Answer;
    expect(messageOf(whole).tool_calls?.[0]?.function?.name).toBe('mcp/7.weather');
    const { chunks } = await chunksOf(rig, body);
    expect(callsIn(chunks).map(({ name }) => name)).toEqual(['mcp/7.weather']);
    const sent = JSON.stringify(rig.simulator.calls.at(-1)?.body);
    expect(sent).not.toContain('mcp/7.weather');
  });
});

describe('when the vendor moves', () => {
  const MOVED = { model: 'moonshot-v1-8k', temperature: 0.5 };
  const said = 'sim: once status 400 invalid temperature: only 1 is allowed for this model\nsim: say There.';

  test.each([false, true])('a refusal that a rule knows costs one more call (stream: %s)', async (stream) => {
    await using rig = await startRig({ simulator: { stillServed: ['moonshot-v1-8k'], accounts: ACCOUNTS } });
    const response = await rig.chat(ask(said, { ...MOVED, stream }));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('There.');
    expect(response.headers.get('x-moongate-repairs')).toBe('sampling-fixed');
    expect(rig.gateway.runtime.moved).toEqual(new Map([['sampling-fixed', 1]]));
    const line = rig.logs.find((text) => text.includes('the dialect has moved'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ rules: ['sampling-fixed'], times: { 'sampling-fixed': 1 } });
  });

  test('a refusal that no repair helps against stands, and is not repeated', async () => {
    await using rig = await startRig({ simulator: { stillServed: ['moonshot-v1-8k'], accounts: ACCOUNTS } });
    const response = await rig.chat(
      ask('sim: status 400 invalid temperature: only 1 is allowed for this model', { ...MOVED }),
    );
    expect(response.status).toBe(400);
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });
});

const ACCOUNTS = [{ keys: 'sk-rig-cn-0f8e7d6c5b4a39281706', host: 'cn' as const }];

test('a broken picture does not stop a conversation for ever', async () => {
  await using rig = await startRig();
  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
  const said = 'sim: once status 400 Invalid request: unsupported image format: image/png\nsim: say I saw nothing.';
  const response = await rig.chat(ask([picture, { type: 'text', text: said }]));
  expect(((await response.json()) as Answer).choices?.[0]?.message?.content).toBe('I saw nothing.');
  expect(response.headers.get('x-moongate-repairs')).toBe('image-format');
});

test('a picture for a model that reads text, in the turn to be answered, is the client’s to mend', async () => {
  await using rig = await startRig({ simulator: { stillServed: ['moonshot-v1-8k'], accounts: ACCOUNTS } });
  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
  const response = await rig.chat(ask([picture], { model: 'moonshot-v1-8k' }));
  const { error } = (await response.json()) as { error: { param: string; hint: string } };
  expect([response.status, error.param]).toEqual([400, 'messages[0].content[0]']);
  expect(error.hint).toMatch(/moongate models/);
});

test('thoughts of another host stream under our name and go back under its own', async () => {
  await using rig = await startRig({
    config: ({ cnBaseUrl }) => ({
      surfaces: {
        other: {
          type: 'compatible',
          base_url: cnBaseUrl,
          credentials: [{ key: 'sk-rig-cn-0f8e7d6c5b4a39281706' }],
          models: { elsewhere: 'kimi-k2.6' },
        },
      },
    }),
  });
  const said =
    'sim: reasoning-key reasoning_details\nsim: think I had better look.\nsim: tool-id w:0\nsim: tool get_weather {"city":"Paris"}';
  const { chunks } = await chunksOf(rig, ask(said, { model: 'elsewhere', tools: [WEATHER] }));
  const thoughts = chunks.map(({ choices }) => choices?.[0]?.delta?.reasoning_content ?? '').join('');
  expect(thoughts).toBe('I had better look.');
  const call = { id: 'w:0', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } };
  await rig.chat({
    model: 'elsewhere',
    messages: [
      user('hi'),
      { role: 'assistant', reasoning_content: thoughts, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'w:0', content: 'grey' },
    ],
    tools: [WEATHER],
  });
  // The simulator is Kimi's own, so that it goes on to ask for Kimi's name.
  const sent = rig.simulator.calls.filter(({ method }) => method === 'POST')[1]?.body as { messages: Settings[] };
  expect(sent.messages[1]).toEqual({
    role: 'assistant',
    tool_calls: [call],
    reasoning_details: [{ type: 'reasoning.text', text: 'I had better look.', index: 0 }],
  });
});
