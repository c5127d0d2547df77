import { ChatAnthropic } from '@langchain/anthropic';
import { type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { describe, expect, test } from 'vitest';
import { messagesRig, WAYS } from '../protocols/messages-rig.ts';
import type { Rig } from '../setup.ts';
import { until } from '../until.ts';
import { thoughtsIn } from './thoughts.ts';
import { ANSWER, CITY_SCHEMA, THREE_TURNS, WEATHER } from './tools.ts';

const modelOf = (
  rig: Rig,
  model: string,
  more: Partial<ConstructorParameters<typeof ChatAnthropic>[0] & object> = {},
) =>
  new ChatAnthropic({
    model,
    apiKey: 'any',
    anthropicApiUrl: rig.url,
    clientOptions: { fetch: rig.fetch },
    maxRetries: 0,
    maxTokens: 4_096,
    ...more,
  });

const TOOL = {
  name: WEATHER.name,
  description: WEATHER.description,
  input_schema: { ...WEATHER.parameters, required: ['city'] },
};

describe.each(WAYS)('@langchain/anthropic through $way', ({ way, model, thinks }) => {
  test('invoke and stream', async () => {
    await using rig = await messagesRig(way);
    const prompt = 'sim: think Hm.\nsim: say 你好 😀\nsim: usage 700 30 512';
    const answer = await modelOf(rig, model).invoke(prompt);
    expect([answer.text, answer.usage_metadata]).toMatchObject(['你好 😀', { input_tokens: 700, output_tokens: 30 }]);
    let text = '';
    for await (const chunk of await modelOf(rig, model).stream(prompt)) text += chunk.text;
    expect(text).toBe('你好 😀');
  });

  test.each([{ stream: false }, { stream: true }])(
    'tool loop of three turns with thinking, stream $stream',
    async ({ stream }) => {
      await using rig = await messagesRig(way);
      const client = modelOf(rig, thinks, {
        thinking: { type: 'enabled', budget_tokens: 2_048 },
        streaming: stream,
      }).bindTools([TOOL]);
      const history: BaseMessage[] = [new HumanMessage(THREE_TURNS)];
      const cities: unknown[] = [];
      for (let turn = 0; turn < 3; turn++) {
        const answer = await client.invoke(history);
        history.push(answer);
        for (const { id = '', args } of answer.tool_calls ?? []) {
          cities.push(args['city']);
          history.push(new ToolMessage({ tool_call_id: id, content: 'sunny' }));
        }
      }
      expect(history.at(-1)?.text).toContain(ANSWER);
      expect(cities).toEqual(['Beijing', 'Paris']);
      expect(thoughtsIn(rig)).toEqual(['First Beijing. 先查北京。', 'Now Paris.']);
    },
  );

  test('structured output forces a tool', async () => {
    await using rig = await messagesRig(way);
    const client = modelOf(rig, model).withStructuredOutput({
      title: 'city',
      description: 'A city',
      ...CITY_SCHEMA,
      required: ['city', 'people'],
    });
    expect(await client.invoke('Tell me of a city.')).toMatchObject({
      city: expect.any(String),
      people: expect.any(Number),
    });
  });

  test('abort in mid-stream reaches the surface', async () => {
    await using rig = await messagesRig(way);
    const abort = new AbortController();
    let parts = 0;
    const read = async () => {
      for await (const _ of await modelOf(rig, model).stream('sim: say-n 20\nsim: stall 10', { signal: abort.signal }))
        if (++parts === 3) abort.abort();
    };
    await expect(read()).rejects.toThrow(/abort/i);
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });

  test.each([
    { fault: 'auth', status: 401 },
    { fault: 'overload', status: 529 },
    { fault: 'rate-limit', status: 429 },
    { fault: 'filter', status: 400 },
  ])('$fault keeps its status $status', async ({ fault, status }) => {
    await using rig = await messagesRig(way, { settings: { retries: { attempts: 1 } } });
    const failure = await modelOf(rig, model)
      .invoke(`sim: fault ${fault}`)
      .catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ status });
  });
});
