import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import { at } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const post = (body: object) =>
  fetch(`${simulator.cnBaseUrl}/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-sim-cn', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'kimi-k2.6', ...body }),
  });
const answer = async (body: object): Promise<unknown> => (await post(body)).json();
const refusal = async (body: object) => {
  const response = await post(body);
  return [response.status, at(await response.json(), 'error', 'message')];
};

const TOOL = { type: 'function', name: 'look_up', parameters: { type: 'object', properties: {} } };

test('a whole answer: a thought, a message, a call; the input counts what was cached', async () => {
  const long = 'x'.repeat(4_000);
  const input = `${long}\nsim: think hm\nsim: say Yes.\nsim: tool look_up {"a":1}`;
  await answer({ input, tools: [TOOL] });
  const body = await answer({ input, tools: [TOOL] });
  expect(body).toMatchObject({
    object: 'response',
    status: 'completed',
    store: false,
    output: [
      { type: 'reasoning', content: [{ text: 'hm' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes.' }] },
      { type: 'function_call', name: 'look_up', arguments: '{"a":1}', call_id: expect.any(String) },
    ],
  });
  const cached = Number(at(body, 'usage', 'input_tokens_details', 'cached_tokens'));
  expect(cached).toBeGreaterThan(0);
  expect(Number(at(body, 'usage', 'input_tokens'))).toBeGreaterThan(cached);
});

test('a stream has the grammar, and its end has the whole', async () => {
  const response = await post({ input: 'sim: think hm\nsim: say one two', stream: true });
  const events = (await response.text())
    .split('\n\n')
    .filter(Boolean)
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)) as Record<string, unknown>);
  expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
  const types = events.map(({ type }) => String(type));
  expect(types.filter((type, index) => type !== types[index - 1])).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.reasoning_text.delta',
    'response.output_item.done',
    'response.output_item.added',
    'response.output_text.delta',
    'response.output_item.done',
    'response.completed',
  ]);
  const said = events.flatMap(({ type, delta }) => (type === 'response.output_text.delta' ? [delta] : []));
  expect(said.join('')).toBe('one two');
  expect(at(events.at(-1), 'response', 'output', 1, 'content', 0, 'text')).toBe('one two');
});

test('a history goes back: thoughts and calls are of one turn, and their results follow', async () => {
  const call = { type: 'function_call', call_id: 'look_up:0', name: 'look_up', arguments: '{}' };
  const input = [
    { role: 'user', content: [{ type: 'input_text', text: 'sim: tool look_up {}\nsim: turn 2\nsim: say Found.' }] },
    { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
    call,
    { type: 'function_call_output', call_id: 'look_up:0', output: 'a result' },
  ];
  const body = await answer({ input, tools: [TOOL], instructions: 'Be short.' });
  expect(body).toMatchObject({ output: [{ content: [{ text: 'Found.' }] }] });
});

test('a cap that is reached is told as incomplete', async () => {
  const body = await answer({ input: 'sim: say one two three four five six', max_output_tokens: 2 });
  expect(body).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
});

test('refuses tools, items and formats that it does not know, as it was seen to', async () => {
  expect(await refusal({ input: 'x', tools: [{ type: 'tool_search' }] })).toEqual([
    400,
    'tools.0: tool type "tool_search" is not supported',
  ]);
  const item = { type: 'tool_search_call', id: 'x' };
  expect(await refusal({ input: [item] })).toEqual([400, 'Invalid request Error']);
  expect((await refusal({ input: 'x', text: { format: { type: 'json_object' } } }))[0]).toBe(400);
  const namespace = { type: 'namespace', name: 'n', tools: [TOOL] };
  expect((await post({ input: 'sim: say hi', tools: [namespace] })).status).toBe(200);
});
