import { createMoonshotAI } from '@ai-sdk/moonshotai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, isStepCount, jsonSchema, type LanguageModel, Output, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { type Door, type Rig, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { ANSWER, CITY_SCHEMA, THREE_TURNS, WEATHER } from './tools.ts';

type MakeModel = (rig: Rig, id: string) => LanguageModel;

const compatible: MakeModel = (rig, id) =>
  createOpenAICompatible({
    name: 'moongate',
    apiKey: 'any',
    baseURL: rig.base,
    fetch: rig.fetch,
    includeUsage: true,
    supportsStructuredOutputs: true,
  })(id);

const moonshot: MakeModel = (rig, id) => createMoonshotAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch })(id);

const CASES: readonly { readonly name: string; readonly model: MakeModel; readonly door: Door }[] = [
  { name: '@ai-sdk/openai-compatible over a socket', model: compatible, door: 'socket' },
  { name: '@ai-sdk/openai-compatible in process', model: compatible, door: 'memory' },
  { name: '@ai-sdk/moonshotai over a socket', model: moonshot, door: 'socket' },
  { name: '@ai-sdk/moonshotai in process', model: moonshot, door: 'memory' },
];

describe.each(CASES)('$name', ({ model, door }) => {
  test('chat with reasoning and cached tokens', async () => {
    await using rig = await startRig({ door });
    const prompt = 'sim: think Hm.\nsim: say 你好\nsim: usage 700 30 512';
    const answer = await generateText({ model: model(rig, 'k25'), prompt, temperature: 0.3, maxRetries: 0 });
    expect(answer.text).toBe('你好');
    expect(answer.finalStep.reasoningText).toBe('Hm.');
    expect(answer.usage).toMatchObject({ inputTokens: 700, inputTokenDetails: { cacheReadTokens: 512 } });
  });

  test('stream of text and reasoning', async () => {
    await using rig = await startRig({ door });
    const prompt = 'sim: think-n 20\nsim: say 你好 😀\nsim: say-n 50\nsim: usage 700 30 512';
    const stream = streamText({ model: model(rig, 'kimi-k2.6'), prompt, maxRetries: 0 });
    let text = '';
    let reasoning = '';
    for await (const part of stream.stream) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'reasoning-delta') reasoning += part.text;
    }
    expect(text).toMatch(/^你好 😀( \w{3}){50}$/);
    expect(reasoning).toMatch(/^( \w{3}){20}$/);
    expect(await stream.finishReason).toBe('stop');
    expect(await stream.usage).toMatchObject({ inputTokens: 700, inputTokenDetails: { cacheReadTokens: 512 } });
  });

  // Both clients send reasoning_content back, so that a thinking model takes the history.
  test.each([{ stream: false }, { stream: true }])('tool loop of three turns, stream $stream', async ({ stream }) => {
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

  test('abort in mid-stream reaches the surface', async () => {
    await using rig = await startRig({ door });
    const abort = new AbortController();
    const stream = streamText({
      model: model(rig, 'kimi-k2.6'),
      prompt: 'sim: say-n 20\nsim: stall 10',
      abortSignal: abort.signal,
      maxRetries: 0,
      onError: () => {},
    });
    let parts = 0;
    for await (const part of stream.stream) if (part.type === 'text-delta' && ++parts === 3) abort.abort();
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });

  test.each([
    { fault: 'auth', status: 401, says: /Invalid Authentication/ },
    { fault: 'rate-limit', status: 429, says: /try again after 1 seconds/ },
    { fault: 'filter', status: 400, says: /considered high risk/ },
    { fault: 'server', status: 500, says: /Internal server error/ },
  ])('$fault becomes an APICallError', async ({ fault, status, says }) => {
    await using rig = await startRig({ door, config: { retries: { attempts: 1 } } });
    const call = { model: model(rig, 'kimi-k2.6'), prompt: `sim: fault ${fault}`, maxRetries: 0 };
    const failure = await generateText(call).catch((error: unknown) => error);
    expect(APICallError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({ statusCode: status, message: expect.stringMatching(says) });
  });

  test('an error in the middle of a stream is a part of it', async () => {
    await using rig = await startRig({ door });
    const prompt = 'sim: pause 5\nsim: say-n 5\nsim: error-chunk server_error It broke.';
    const stream = streamText({ model: model(rig, 'kimi-k2.6'), prompt, maxRetries: 0, onError: () => {} });
    const errors: unknown[] = [];
    for await (const part of stream.stream) if (part.type === 'error') errors.push(part.error);
    expect(JSON.stringify(errors) + String(errors)).toContain('It broke.');
  });
});
