import OpenAI, { type ClientOptions } from 'openai';
import { ResponsesToolRunner } from 'openai/helpers/responses-tool-runner';
import { zodTextFormat } from 'openai/helpers/zod';
import type { Response, ResponseInput, ResponseInputItem } from 'openai/resources/responses/responses';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Door, type Rig, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { ANSWER, THREE_TURNS, WEATHER } from './tools.ts';

const clientOf = (rig: Rig, options: ClientOptions = {}) =>
  new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0, ...options });

const TOOL = {
  type: 'function' as const,
  name: WEATHER.name,
  description: WEATHER.description,
  parameters: { ...WEATHER.parameters },
  strict: true,
};

interface Sent {
  readonly messages: readonly {
    readonly role: string;
    readonly content: unknown;
    readonly reasoning_content?: string;
  }[];
}

const sent = (rig: Rig) => rig.simulator.calls.at(-1)?.body as unknown as Sent;
const reasonings = (rig: Rig) =>
  sent(rig)
    .messages.filter(({ role }) => role === 'assistant')
    .map((message) => message.reasoning_content);

function answersTo({ output }: Response, cities: string[]): ResponseInputItem[] {
  return output.flatMap((item) => {
    if (item.type !== 'function_call') return [];
    cities.push(JSON.parse(item.arguments).city);
    return [{ type: 'function_call_output' as const, call_id: item.call_id, output: 'sunny' }];
  });
}

describe.each<{ door: Door }>([{ door: 'socket' }, { door: 'memory' }])('openai, Responses ($door)', ({ door }) => {
  test('create', async () => {
    await using rig = await startRig({ door });
    const response = await clientOf(rig).responses.create({
      model: 'k25',
      instructions: 'Be short.',
      input: 'sim: think Hm.\nsim: say 你好, world\nsim: usage 700 30 512',
      metadata: { a: 'b' },
    });
    expect(response.output_text).toBe('你好, world');
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
    expect(response).toMatchObject({
      status: 'completed',
      model: 'kimi-k2.6',
      instructions: 'Be short.',
      metadata: { a: 'b' },
      usage: { input_tokens: 700, input_tokens_details: { cached_tokens: 512 }, output_tokens: 30, total_tokens: 730 },
    });
    expect(sent(rig).messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  test('the stream helper puts the response together', async () => {
    await using rig = await startRig({ door });
    const stream = clientOf(rig).responses.stream({
      model: 'kimi-k2.6',
      reasoning: { summary: 'auto' },
      input:
        'sim: think 想一想\nsim: say Let me see.\nsim: tool get_weather {"city":"Beijing"}\nsim: tool get_weather {"city":"Paris"}',
      tools: [TOOL],
    });
    let said = '';
    let thought = '';
    stream.on('response.output_text.delta', ({ delta }) => {
      said += delta;
    });
    stream.on('response.reasoning_summary_text.delta', ({ delta }) => {
      thought += delta;
    });
    const response = await stream.finalResponse();
    expect([said, thought]).toEqual(['Let me see.', '想一想']);
    expect(response.output).toMatchObject([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: '想一想' }] },
      { type: 'message', content: [{ type: 'output_text', text: 'Let me see.' }] },
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Beijing"}' },
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' },
    ]);
  });

  test('reasoning is told as text where no summary was asked for', async () => {
    await using rig = await startRig({ door });
    const stream = clientOf(rig).responses.stream({ model: 'kimi-k2.6', input: 'sim: think 想一想\nsim: say Ja.' });
    const { output } = await stream.finalResponse();
    expect(output[0]).toMatchObject({ summary: [], content: [{ type: 'reasoning_text', text: '想一想' }] });
  });

  describe.each([{ stream: false }, { stream: true }])('a tool loop of three turns, stream $stream', ({ stream }) => {
    const next = async (client: OpenAI, body: Parameters<OpenAI['responses']['stream']>[0]) =>
      stream
        ? client.responses.stream(body).finalResponse()
        : client.responses.create({ ...body, stream: false } as never);

    test('by previous_response_id', async () => {
      await using rig = await startRig({ door });
      const client = clientOf(rig);
      const cities: string[] = [];
      let response: Response | undefined;
      let input: string | ResponseInput = THREE_TURNS;
      for (let turn = 1; turn <= 3; turn++) {
        const before: string | null = response?.id ?? null;
        response = (await next(client, {
          model: 'kimi-k3',
          tools: [TOOL],
          input,
          previous_response_id: before,
        })) as Response;
        expect(response.previous_response_id).toBe(before);
        input = answersTo(response, cities);
      }
      expect([response?.output_text, cities]).toEqual([ANSWER, ['Beijing', 'Paris']]);
      expect(reasonings(rig)).toEqual(['First Beijing. 先查北京。', 'Now Paris.']);
    });

    test('without a store, by sealed reasoning', async () => {
      await using rig = await startRig({ door });
      const client = clientOf(rig);
      const cities: string[] = [];
      const input: ResponseInput = [{ role: 'user', content: THREE_TURNS }];
      let response: Response | undefined;
      for (let turn = 1; turn <= 3; turn++) {
        response = (await next(client, {
          model: 'kimi-k3',
          tools: [TOOL],
          input,
          store: false,
          reasoning: { summary: 'auto' },
          include: ['reasoning.encrypted_content'],
        })) as Response;
        // What agents send back: the sealed form, without the text.
        const back = response.output.map((item) => (item.type === 'reasoning' ? { ...item, summary: [] } : item));
        input.push(...(back as ResponseInput), ...answersTo(response, cities));
      }
      expect([response?.output_text, cities]).toEqual([ANSWER, ['Beijing', 'Paris']]);
      expect(reasonings(rig)).toEqual(['First Beijing. 先查北京。', 'Now Paris.']);
      await expect(client.responses.retrieve(response?.id ?? '')).rejects.toThrow(OpenAI.NotFoundError);
    });

    test('in a conversation', async () => {
      await using rig = await startRig({ door });
      const client = clientOf(rig);
      const cities: string[] = [];
      let response: Response | undefined;
      let input: string | ResponseInput = THREE_TURNS;
      for (let turn = 1; turn <= 3; turn++) {
        response = (await next(client, { model: 'kimi-k3', tools: [TOOL], input, conversation: 'conv_1' })) as Response;
        input = answersTo(response, cities);
      }
      expect([response?.output_text, cities]).toEqual([ANSWER, ['Beijing', 'Paris']]);
      expect(response?.conversation).toEqual({ id: 'conv_1' });
    });
  });

  test.each([{ stream: false }, { stream: true }])('the tool runner, stream $stream', async ({ stream }) => {
    await using rig = await startRig({ door });
    const cities: unknown[] = [];
    const runner = new ResponsesToolRunner({
      functions: [
        {
          tool: TOOL,
          execute: (args) => {
            cities.push(args['city']);
            return 'sunny';
          },
        },
      ],
    });
    const response = await runner.run(clientOf(rig), { model: 'kimi-k3', input: THREE_TURNS }, { stream });
    expect(response.output_text).toBe(ANSWER);
    expect(cities).toEqual(['Beijing', 'Paris']);
  });

  test('structured output', async () => {
    await using rig = await startRig({ door });
    const City = z.object({ city: z.string(), people: z.int() });
    const body = { model: 'kimi-k2.6', input: 'Tell me of a city.', text: { format: zodTextFormat(City, 'city') } };
    const response = await clientOf(rig).responses.parse(body);
    expect(response.output_parsed).toEqual({ city: 'sample', people: 1 });
    const streamed = await clientOf(rig).responses.stream(body).finalResponse();
    expect(streamed.output_parsed).toEqual({ city: 'sample', people: 1 });
    const loose = { ...body, text: { format: { type: 'json_object' as const }, verbosity: 'low' as const } };
    expect(JSON.parse((await clientOf(rig).responses.create(loose)).output_text)).toBeTypeOf('object');
  });

  test('a cap that is reached makes the response incomplete', async () => {
    await using rig = await startRig({ door });
    const body = { model: 'kimi-k2.6', input: 'sim: say-n 5\nsim: finish length', max_output_tokens: 200 };
    const whole = await clientOf(rig).responses.create(body);
    expect(whole).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    const types: string[] = [];
    for await (const { type } of await clientOf(rig).responses.create({ ...body, stream: true })) types.push(type);
    expect(types.at(-1)).toBe('response.incomplete');
    expect(sent(rig)).toMatchObject({ max_completion_tokens: 200 });
  });

  test('retrieve, input items in pages, delete', async () => {
    await using rig = await startRig({ door });
    const client = clientOf(rig);
    const input = ['one', 'two', 'sim: say Hi.'].map((content) => ({ role: 'user' as const, content }));
    const response = await client.responses.create({ model: 'kimi-k2.6', input });
    expect((await client.responses.retrieve(response.id)).output_text).toBe('Hi.');
    const texts: unknown[] = [];
    for await (const item of client.responses.inputItems.list(response.id, { limit: 2 })) {
      if (item.type === 'message') texts.push(item.content[0] && 'text' in item.content[0] && item.content[0].text);
    }
    expect(texts).toEqual(['sim: say Hi.', 'two', 'one']);
    const first = await client.responses.inputItems.list(response.id, { limit: 1, order: 'asc' });
    expect(first.data).toMatchObject([{ role: 'user', content: [{ type: 'input_text', text: 'one' }] }]);
    expect(first.has_more).toBe(true);
    await client.responses.delete(response.id);
    await expect(client.responses.retrieve(response.id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(
      client.responses.create({ model: 'kimi-k2.6', input: 'x', previous_response_id: response.id }),
    ).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found', param: 'previous_response_id' });
  });

  test('tokens are counted by estimate', async () => {
    await using rig = await startRig({ door });
    const counted = await clientOf(rig).responses.inputTokens.count({ model: 'kimi-k2.6', input: '你好，世界' });
    expect(counted.input_tokens).toBeGreaterThan(2);
  });

  test('background: at once queued, polled to its end', async () => {
    await using rig = await startRig({ door });
    const client = clientOf(rig);
    const input = 'sim: pause 5\nsim: say-n 20';
    let response = await client.responses.create({ model: 'kimi-k2.6', input, background: true });
    expect(response).toMatchObject({ status: 'queued', background: true, output: [] });
    const seen = new Set<unknown>();
    await until(async () => {
      response = await client.responses.retrieve(response.id);
      seen.add(response.status);
      return response.status === 'completed';
    }, 'the end');
    expect([...seen]).toContain('in_progress');
    expect(response.output_text).toMatch(/^( \w{3}){20}$/);
    const line = rig.logs
      .flatMap((text) => text.trim().split('\n'))
      .map((text) => JSON.parse(text))
      .find((fields) => fields.response === response.id);
    expect(line).toMatchObject({ status: 'completed', surface: 'moonshot-cn', tokens_out: expect.any(Number) });
  });

  test('background: a stream that is left and taken up again', async () => {
    await using rig = await startRig({ door });
    const client = clientOf(rig);
    const input = 'sim: pause 5\nsim: say-n 30';
    const stream = await client.responses.create({ model: 'kimi-k2.6', input, background: true, stream: true });
    let id = '';
    let last = -1;
    let text = '';
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id;
      if (event.type === 'response.output_text.delta') text += event.delta;
      last = event.sequence_number;
      if (text.length > 12) break;
    }
    for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: last })) {
      expect(event.sequence_number).toBe(++last);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    expect(text).toMatch(/^( \w{3}){30}$/);
    expect((await client.responses.stream({ response_id: id }).finalResponse()).output_text).toBe(text);
  });

  test('background: cancel hangs up', async () => {
    await using rig = await startRig({ door });
    const client = clientOf(rig);
    const input = 'sim: say-n 5\nsim: stall 3';
    const { id } = await client.responses.create({ model: 'kimi-k2.6', input, background: true });
    await until(() => rig.simulator.calls.at(-1)?.path.endsWith('/chat/completions'), 'the call');
    expect((await client.responses.cancel(id)).status).toBe('cancelled');
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
    expect((await client.responses.cancel(id)).status).toBe('cancelled');
    expect((await client.responses.retrieve(id)).status).toBe('cancelled');
  });

  test('abort in mid-stream reaches the surface', async () => {
    await using rig = await startRig({ door });
    const stream = await clientOf(rig).responses.create({
      model: 'kimi-k2.6',
      input: 'sim: say-n 20\nsim: stall 10',
      stream: true,
    });
    let events = 0;
    for await (const _ of stream) if (++events === 8) break;
    await until(() => rig.simulator.calls.at(-1)?.aborted, 'the hang-up');
  });
});
