import OpenAI, { type ClientOptions } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Door, type Rig, startRig } from '../setup.ts';
import { until } from '../until.ts';
import { ANSWER, THREE_TURNS, WEATHER } from './tools.ts';

const clientOf = (rig: Rig, options: ClientOptions = {}) =>
  new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0, ...options });

const TOOL = { type: 'function' as const, ...WEATHER, required: undefined, strict: true };

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
    const sent = rig.simulator.calls.at(-1)?.body as { messages: { role: string }[] };
    expect(sent.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  test('the stream helper puts the response together', async () => {
    await using rig = await startRig({ door });
    const stream = clientOf(rig).responses.stream({
      model: 'kimi-k2.6',
      reasoning: { summary: 'auto' },
      input: 'sim: think 想一想\nsim: say Let me see.\nsim: tool get_weather {"city":"Beijing"}\nsim: tool get_weather {"city":"Paris"}',
      tools: [TOOL],
    });
    let said = '';
    let thought = '';
    stream.on('response.output_text.delta', ({ delta }) => (said += delta));
    stream.on('response.reasoning_summary_text.delta', ({ delta }) => (thought += delta));
    const response = await stream.finalResponse();
    expect([said, thought]).toEqual(['Let me see.', '想一想']);
    expect(response.output).toMatchObject([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: '想一想' }] },
      { type: 'message', content: [{ type: 'output_text', text: 'Let me see.' }] },
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Beijing"}' },
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' },
    ]);
  });
});
