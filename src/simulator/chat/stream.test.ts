import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import { at, SimClient, textOf } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator;
let client: SimClient;

beforeAll(async () => {
  simulator = await startSimulator();
  client = new SimClient(simulator);
});
afterAll(() => simulator.close());

const SCRIPT = 'sim: think I think.\nsim: say Hello there.\nsim: tool get_weather {"city":"Beijing"}';

test('a stream has the recorded grammar', async () => {
  const { chunks, isDone } = await client.stream(SCRIPT);
  const deltas = chunks.map((chunk) => at(chunk, 'choices', 0, 'delta'));
  expect(deltas[0]).toEqual({ role: 'assistant', content: '' });
  expect(deltas.slice(1, 5)).toEqual([
    { reasoning_content: 'I' },
    { reasoning_content: ' think.' },
    { content: 'Hello' },
    { content: ' there.' },
  ]);
  const opening = { index: 0, id: 'get_weather:0', type: 'function', function: { name: 'get_weather', arguments: '' } };
  expect(deltas[5]).toEqual({ tool_calls: [opening] });
  expect(deltas[6]).toEqual({ tool_calls: [{ index: 0, function: { arguments: '{"ci' } }] });
  const closing = chunks.at(-1);
  expect(at(closing, 'choices', 0)).toMatchObject({ delta: {}, finish_reason: 'tool_calls' });
  expect(at(closing, 'choices', 0, 'usage', 'total_tokens')).toBeTypeOf('number');
  expect(at(closing, 'system_fingerprint')).toMatch(/^fpv0_/);
  expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
  expect(isDone).toBe(true);
});

test('include_usage adds a chunk without choices and nulls before it', async () => {
  const { chunks } = await client.stream(SCRIPT, { stream_options: { include_usage: true } });
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { cached_tokens: 0 } });
  expect(chunks.slice(0, -1).every((chunk) => chunk['usage'] === null)).toBe(true);
});

test('the whole answer says what the stream says', async () => {
  const whole = await (await client.chat(SCRIPT)).json();
  const stream = await client.stream(SCRIPT);
  expect(at(whole, 'choices', 0, 'message')).toEqual({
    role: 'assistant',
    content: textOf(stream),
    reasoning_content: textOf(stream, 'reasoning_content'),
    tool_calls: [
      { id: 'get_weather:0', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Beijing"}' } },
    ],
  });
  expect(at(whole, 'usage')).toEqual(at(stream.chunks.at(-1), 'choices', 0, 'usage'));
});

test('native call ids number on across the conversation', async () => {
  const target = { name: 'look_up', arguments: '{}' };
  const history = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', reasoning_content: '', tool_calls: [{ id: 'x', type: 'function', function: target }] },
    { role: 'tool', tool_call_id: 'x', content: 'found' },
    { role: 'user', content: 'sim: tool look_up\nsim: tool look_up' },
  ];
  const calls = at(await (await client.chat(history)).json(), 'choices', 0, 'message', 'tool_calls');
  expect([at(calls, 0, 'id'), at(calls, 1, 'id')]).toEqual(['look_up:1', 'look_up:2']);
});

test('a cap counts reasoning first, then content', async () => {
  const script = 'sim: think-n 10\nsim: say-n 10';
  const short = await (await client.chat(script, { max_tokens: 8 })).json();
  expect(at(short, 'choices', 0)).toMatchObject({ finish_reason: 'length', message: { content: '' } });
  expect(at(short, 'usage', 'completion_tokens_details', 'reasoning_tokens')).toBe(8);
  const longer = await (await client.chat(script, { max_tokens: 13 })).json();
  expect(at(longer, 'choices', 0, 'message', 'content')).toBe(' one two six');
  expect(at(longer, 'usage', 'completion_tokens')).toBe(13);
  const enough = await (await client.chat(script, { max_tokens: 20 })).json();
  expect(at(enough, 'choices', 0, 'finish_reason')).toBe('stop');
});

test('a stop string ends the content and is not part of it', async () => {
  const body = await (await client.chat('sim: say one END two', { stop: 'END' })).json();
  expect(at(body, 'choices', 0)).toMatchObject({ finish_reason: 'stop', message: { content: 'one ' } });
});

test('a partial message gets its continuation and no reasoning', async () => {
  const messages = [
    { role: 'user', content: 'sim: think hm\nsim: say one two three' },
    { role: 'assistant', content: 'one tw', partial: true },
  ];
  const body = await (await client.chat(messages)).json();
  expect(at(body, 'choices', 0, 'message')).toEqual({ role: 'assistant', content: 'o three' });
});

test('stops producing when the client hangs up, and notes it', async () => {
  const controller = new AbortController();
  const script = 'sim: say-n 1000000';
  const response = await client.chat(script, { stream: true }, { signal: controller.signal });
  const reader = response.body?.getReader();
  await reader?.read();
  expect(simulator.account('sk-sim-cn').inFlight).toBe(1);
  controller.abort();
  await reader?.read().catch(() => undefined);
  const call = simulator.calls.at(-1);
  for (let wait = 0; wait < 100 && call?.aborted === false; wait++) await sleep(5);
  await sleep(5);
  expect(call).toMatchObject({ aborted: true, finished: false, severed: false });
  expect(simulator.account('sk-sim-cn').inFlight).toBe(0);
});

test('the pace of a demo is real time', async () => {
  const paced = await startSimulator({ pace: 5 });
  const start = performance.now();
  await new SimClient(paced).stream('sim: say-n 10');
  expect(performance.now() - start).toBeGreaterThan(45);
  await paced.close();
});
