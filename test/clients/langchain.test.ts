import { AIMessage, type AIMessageChunk, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { describe, expect, test } from 'vitest';
import { type Door, type Rig, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { ANSWER, CITY_SCHEMA, THREE_TURNS, WEATHER } from './tools.ts';

const CASES: readonly { readonly name: string; readonly door: Door }[] = [
  { name: '@langchain/openai over a socket', door: 'socket' },
  { name: '@langchain/openai in process', door: 'memory' },
];

/** The client does not send reasoning_content back, so tool loops run without thinking. */
const THINKING_OFF = { thinking: { type: 'disabled' } };

describe.each(CASES)('$name', ({ door }) => {
  const modelOf = (rig: Rig, modelKwargs: Record<string, unknown> = {}) =>
    new ChatOpenAI({
      model: 'k25',
      apiKey: 'any',
      temperature: 0.7,
      maxRetries: 0,
      modelKwargs,
      configuration: { baseURL: rig.base, fetch: rig.fetch },
    });

  test('chat with reasoning and cached tokens', async () => {
    await using rig = await startRig({ door });
    const answer = await modelOf(rig).invoke('sim: think Hm.\nsim: say 你好\nsim: usage 700 30 512');
    expect(answer.content).toBe('你好');
    expect(answer.additional_kwargs['reasoning_content']).toBe('Hm.');
    expect(answer.usage_metadata).toMatchObject({
      input_tokens: 700,
      output_tokens: 30,
      input_token_details: { cache_read: 512 },
    });
  });

  test('stream with usage counted once', async () => {
    await using rig = await startRig({ door });
    const script = 'sim: think-n 20\nsim: say 你好 😀\nsim: say-n 50\nsim: usage 700 30 512\nsim: usage-place both';
    let whole: AIMessageChunk | undefined;
    for await (const chunk of await modelOf(rig).stream(script)) whole = whole?.concat(chunk) ?? chunk;
    expect(whole?.content).toMatch(/^你好 😀( \w{3}){50}$/);
    expect(whole?.additional_kwargs['reasoning_content']).toMatch(/^( \w{3}){20}$/);
    expect(whole?.usage_metadata).toMatchObject({ input_tokens: 700, output_tokens: 30, total_tokens: 730 });
  });

  test('tool loop of three turns', async () => {
    await using rig = await startRig({ door });
    const model = modelOf(rig, THINKING_OFF).bindTools([{ type: 'function', function: WEATHER }]);
    const messages: BaseMessage[] = [new HumanMessage(THREE_TURNS)];
    const cities: unknown[] = [];
    for (let turn = 1; turn <= 3; turn++) {
      const answer = await model.invoke(messages);
      messages.push(answer);
      for (const { id = '', args } of answer.tool_calls ?? []) {
        cities.push(args['city']);
        messages.push(new ToolMessage({ tool_call_id: id, content: 'sunny' }));
      }
    }
    expect(cities).toEqual(['Beijing', 'Paris']);
    expect(messages.at(-1)).toBeInstanceOf(AIMessage);
    expect(messages.at(-1)?.content).toBe(ANSWER);
  });

  test.each(['jsonSchema', 'functionCalling'] as const)('structured output by %s', async (method) => {
    await using rig = await startRig({ door });
    // A forced function is refused while K2 thinks.
    const model = modelOf(rig, THINKING_OFF).withStructuredOutput(
      { title: 'city', ...CITY_SCHEMA },
      { method, name: 'city' },
    );
    expect(await model.invoke('Tell me of a city.')).toMatchObject({ city: 'sample', people: 1 });
  });

  test('abort in mid-stream reaches the surface', async () => {
    await using rig = await startRig({ door });
    const abort = new AbortController();
    const stream = await modelOf(rig).stream('sim: say-n 20\nsim: stall 10', { signal: abort.signal });
    const reading = (async () => {
      let chunks = 0;
      for await (const _ of stream) if (++chunks === 3) abort.abort();
    })();
    await expect(reading).rejects.toThrow(/abort/i);
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });

  test.each([
    { fault: 'auth', status: 401, says: /Invalid Authentication/ },
    { fault: 'rate-limit', status: 429, says: /try again after 1 seconds/ },
    { fault: 'filter', status: 400, says: /considered high risk/ },
    { fault: 'server', status: 500, says: /Internal server error/ },
  ])('$fault keeps status and sentence', async ({ fault, status, says }) => {
    await using rig = await startRig({ door, config: { retries: { attempts: 1 } } });
    const failure = await modelOf(rig)
      .invoke(`sim: fault ${fault}`)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ status, message: expect.stringMatching(says) });
  });
});
