import { createOpenAI } from '@ai-sdk/openai';
import { generateText, isStepCount, jsonSchema, Output, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { type Door, type Rig, startRig } from '../setup.ts';
import { ANSWER, CITY_SCHEMA, THREE_TURNS, WEATHER } from './tools.ts';

type Api = 'responses' | 'chat';

const CASES = (['responses', 'chat'] as const).flatMap((api) =>
  (['socket', 'memory'] as const).map((door): { api: Api; door: Door } => ({ api, door })),
);

describe.each(CASES)('@ai-sdk/openai, $api ($door)', ({ api, door }) => {
  const model = (rig: Rig, id: string) => createOpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch })[api](id);

  test('text with cached tokens', async () => {
    await using rig = await startRig({ door });
    const prompt = 'sim: say 你好\nsim: usage 700 30 512';
    const answer = await generateText({ model: model(rig, 'k25'), prompt, maxRetries: 0 });
    expect(answer.text).toBe('你好');
    expect(answer.usage).toMatchObject({ inputTokens: 700, inputTokenDetails: { cacheReadTokens: 512 } });
  });

  // The history of `responses` is made of references to items that the gateway has kept.
  test.each([
    { stream: false, store: true },
    { stream: true, store: true },
    { stream: true, store: false },
  ])('tool loop of three turns, stream $stream, store $store', async ({ stream, store }) => {
    await using rig = await startRig({ door });
    const cities: string[] = [];
    const weather = tool({
      description: WEATHER.description,
      inputSchema: jsonSchema<{ city: string }>({ ...WEATHER.parameters, required: ['city'] }),
      execute: async ({ city }) => {
        cities.push(city);
        return 'sunny';
      },
    });
    const call = {
      model: model(rig, 'kimi-k3'),
      prompt: THREE_TURNS,
      tools: { get_weather: weather },
      stopWhen: isStepCount(5),
      maxRetries: 0,
      providerOptions: {
        openai: { store, ...(api === 'responses' ? { forceReasoning: true, reasoningSummary: 'auto' } : {}) },
      },
    };
    const text = stream ? await streamText(call).text : (await generateText(call)).text;
    expect(text).toContain(ANSWER);
    expect(cities).toEqual(['Beijing', 'Paris']);
    const sent = rig.simulator.calls.at(-1)?.body as { messages: { role: string; reasoning_content?: string }[] };
    const assistants = sent.messages.filter(({ role }) => role === 'assistant');
    expect(assistants.map((message) => message.reasoning_content)).toEqual(['First Beijing. 先查北京。', 'Now Paris.']);
  });

  test('structured output', async () => {
    await using rig = await startRig({ door });
    const schema = jsonSchema<{ city: string; people: number }>({ ...CITY_SCHEMA, required: ['city', 'people'] });
    const answer = await generateText({
      model: model(rig, 'kimi-k2.6'),
      prompt: 'Tell me of a city.',
      output: Output.object({ schema }),
      maxRetries: 0,
    });
    expect(answer.output).toEqual({ city: 'sample', people: 1 });
  });

  test('failures before and in the stream', async () => {
    await using rig = await startRig({ door });
    const refused = generateText({ model: model(rig, 'nobody-knows'), prompt: 'hi', maxRetries: 0 });
    await expect(refused).rejects.toMatchObject({ statusCode: 404 });
    const errors: unknown[] = [];
    const stream = streamText({
      model: model(rig, 'kimi-k2.6'),
      prompt: 'sim: pause 5\nsim: say-n 9\nsim: cut 6',
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    });
    let text = '';
    for await (const part of stream.stream) if (part.type === 'text-delta') text += part.text;
    expect(text).not.toBe('');
    expect(JSON.stringify(errors)).toMatch(/stopped before its end|server_error|stream_cut/);
  });
});
