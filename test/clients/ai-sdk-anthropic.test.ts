import { createAnthropic } from '@ai-sdk/anthropic';
import { APICallError, generateText, isStepCount, jsonSchema, Output, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { messagesRig, WAYS } from '../protocols/messages-rig.ts';
import type { Rig } from '../setup.ts';
import { until } from '../until.ts';
import { thoughtsIn } from './thoughts.ts';
import { ANSWER, CITY_SCHEMA, THREE_TURNS, WEATHER } from './tools.ts';

const modelOf = (rig: Rig, id: string) => createAnthropic({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch })(id);

describe.each(WAYS)('@ai-sdk/anthropic through $way', ({ way, model, thinks }) => {
  test('text and reasoning, whole and streamed', async () => {
    await using rig = await messagesRig(way);
    const prompt = 'sim: think Hm.\nsim: say 你好 😀\nsim: usage 700 30 512';
    const answer = await generateText({ model: modelOf(rig, model), prompt, temperature: 0.3, maxRetries: 0 });
    expect([answer.text, answer.finalStep.reasoningText]).toEqual(['你好 😀', 'Hm.']);
    expect(answer.usage).toMatchObject({
      inputTokens: 700,
      outputTokens: 30,
      inputTokenDetails: { cacheReadTokens: 512 },
    });
    const stream = streamText({ model: modelOf(rig, model), prompt, maxRetries: 0 });
    expect(await stream.text).toBe('你好 😀');
    expect(await stream.finishReason).toBe('stop');
    expect(await stream.usage).toMatchObject({ inputTokens: 700, outputTokens: 30 });
  });

  test.each([{ stream: false }, { stream: true }])(
    'tool loop of three turns with thinking, stream $stream',
    async ({ stream }) => {
      await using rig = await messagesRig(way);
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
        model: modelOf(rig, thinks),
        prompt: THREE_TURNS,
        tools: { get_weather: weather },
        providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2_048 } } },
        stopWhen: isStepCount(5),
        maxRetries: 0,
      };
      const text = stream ? await streamText(call).text : (await generateText(call)).text;
      expect(text).toContain(ANSWER);
      expect(cities).toEqual(['Beijing', 'Paris']);
      expect(thoughtsIn(rig)).toEqual(['First Beijing. 先查北京。', 'Now Paris.']);
    },
  );

  test('structured output', async () => {
    await using rig = await messagesRig(way);
    const schema = jsonSchema<{ city: string; people: number }>({ ...CITY_SCHEMA, required: ['city', 'people'] });
    const call = {
      model: modelOf(rig, model),
      prompt: 'Tell me of a city.',
      output: Output.object({ schema }),
      maxRetries: 0,
    };
    expect((await generateText(call)).output).toMatchObject({ city: expect.any(String), people: expect.any(Number) });
  });

  test('abort in mid-stream reaches the surface', async () => {
    await using rig = await messagesRig(way);
    const abort = new AbortController();
    const call = {
      model: modelOf(rig, model),
      prompt: 'sim: say-n 20\nsim: stall 10',
      abortSignal: abort.signal,
      maxRetries: 0,
    };
    let parts = 0;
    for await (const part of streamText({ ...call, onError: () => {} }).stream)
      if (part.type === 'text-delta' && ++parts === 3) abort.abort();
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });

  test.each([
    { fault: 'auth', status: 401, retried: false },
    { fault: 'overload', status: 529, retried: true },
    { fault: 'rate-limit', status: 429, retried: true },
    { fault: 'filter', status: 400, retried: false },
  ])('$fault becomes an APICallError', async ({ fault, status, retried }) => {
    await using rig = await messagesRig(way, { settings: { retries: { attempts: 1 } } });
    const call = { model: modelOf(rig, model), prompt: `sim: fault ${fault}`, maxRetries: 0 };
    const failure = await generateText(call).catch((error: unknown) => error);
    expect(APICallError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({ statusCode: status, isRetryable: retried });
  });
});
