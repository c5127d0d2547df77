import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { type SimulatorOptions, startSimulator } from './index.ts';
import { at, SimClient } from './sim-client.ts';
import type { Simulator } from './simulator.ts';

let simulator: Simulator | undefined;

afterEach(() => simulator?.close());

async function start(options: SimulatorOptions = {}): Promise<readonly [Simulator, SimClient]> {
  simulator = await startSimulator(options);
  return [simulator, new SimClient(simulator)];
}

test('imports nothing but node and itself', () => {
  const names = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))) {
    const source = readFileSync(`${import.meta.dirname}/${name}`, 'utf8');
    const depth = name.split(/[\\/]/).length - 1;
    for (const [, target = ''] of source.matchAll(/ from '([^']+)'/g)) {
      const up = target.split('/').filter((step) => step === '..').length;
      expect([name, target, target.startsWith('node:') || (target.startsWith('.') && up <= depth)]).toEqual([
        name,
        target,
        true,
      ]);
    }
  }
});

test('remembers the last calls as they came', async () => {
  const [running, client] = await start({ callsKept: 2, now: () => 42 });
  await client.chat('one');
  await client.chat('two', { store: false }, { headers: { 'x-own': 'y' } });
  await (await client.post('/chat/completions', '{"broken"')).text();
  const [call, broken] = running.calls;
  expect(running.calls).toHaveLength(2);
  expect(call).toMatchObject({ method: 'POST', path: '/cn/v1/chat/completions', arrivedAt: 42, status: 200 });
  expect([call?.headers['x-own'], at(call?.body, 'store'), call?.rawBody]).toEqual([
    'y',
    false,
    JSON.stringify(call?.body),
  ]);
  expect([broken?.body, broken?.rawBody, broken?.status, broken?.finished]).toEqual([
    undefined,
    '{"broken"',
    400,
    true,
  ]);
});

test('fails on order', async () => {
  const [running, client] = await start();
  running.fail({ fault: 'overload', times: 2 });
  running.fail({ fault: { status: 418, message: 'no coffee' }, match: (call) => call.path.endsWith('/models') });
  const statuses = [(await client.request('/models')).status, (await client.chat('hi')).status];
  expect([...statuses, (await client.request('/models')).status, (await client.chat('hi')).status]).toEqual([
    429, 429, 418, 200,
  ]);
  running.fail({ status: 500 });
  expect(at(await (await client.chat('hi')).json(), 'error', 'type')).toBe('server_error');
  running.fail({ fault: 'reset' });
  await expect(client.chat('hi')).rejects.toThrow('fetch failed');
  expect(running.calls.at(-1)).toMatchObject({ severed: true, aborted: false });
});

test('goes down in the middle of a stream and comes back', async () => {
  const [running, client] = await start();
  const response = await client.chat('sim: say x\nsim: stall', { stream: true });
  running.setDown(true);
  await expect(response.text()).rejects.toThrow('terminated');
  await expect(client.chat('hi')).rejects.toThrow('fetch failed');
  running.setDown(false);
  expect((await client.chat('hi')).status).toBe(200);
});

test('answers without a script, the same every time', async () => {
  const [, client] = await start();
  const parameters = {
    type: 'object',
    properties: {
      city: { type: 'string' },
      days: { type: 'integer', minimum: 3 },
      unit: { type: 'string', enum: ['c', 'f'] },
    },
    required: ['city'],
  };
  const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }];
  const message = async (...args: Parameters<SimClient['chat']>): Promise<unknown> =>
    at(await (await client.chat(...args)).json(), 'choices', 0, 'message');
  expect(at(await message('Who are you?'), 'content')).toBe(
    'You asked: "Who are you?". I am kimi-k3 in the simulator, and I read 1 message.',
  );
  expect(at(await message('你是谁？'), 'content')).toContain('你问的是：“你是谁？”');
  expect(at(await message('hi', { thinking: { type: 'disabled' } }), 'reasoning_content')).toBeUndefined();
  const mentioned = await message('Please use get_weather.', { tools });
  expect(at(mentioned, 'tool_calls', 0, 'function', 'arguments')).toBe('{"city":"sample","days":3,"unit":"c"}');
  expect(at(await message('hi', { tools }), 'tool_calls')).toBeUndefined();
  expect(at(await message('hi', { tools, tool_choice: 'required' }), 'tool_calls', 0, 'id')).toBe('get_weather:0');
  const history = [
    { role: 'user', content: 'Please use get_weather.' },
    { role: 'assistant', reasoning_content: '', tool_calls: at(mentioned, 'tool_calls') },
    { role: 'tool', tool_call_id: 'get_weather:0', content: 'sunny' },
  ];
  expect(at(await message(history, { tools }), 'content')).toBe('The tool answered: "sunny"');
  const format = { type: 'json_schema', json_schema: { name: 'x', schema: parameters } };
  expect(at(await message('hi', { response_format: format }), 'content')).toBe('{"city":"sample","days":3,"unit":"c"}');
  const object = await message('Give me JSON', { response_format: { type: 'json_object' } });
  expect(JSON.parse(String(at(object, 'content')))).toMatchObject({ answer: 'Give me JSON', model: 'kimi-k3' });
});
