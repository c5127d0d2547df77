import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import { at, SimClient } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

const PATH = '/formulas/moonshot/web-search:latest';

let simulator: Simulator;
let client: SimClient;

beforeAll(async () => {
  simulator = await startSimulator({
    accounts: [
      { keys: 'sk-sim-cn', host: 'cn', id: 'one' },
      { keys: 'sk-other', host: 'cn', id: 'two' },
    ],
  });
  client = new SimClient(simulator);
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const fiber = async (query: string) =>
  (await client.post(`${PATH}/fibers`, { name: 'web_search', arguments: JSON.stringify({ query }) })).json();

test('the declaration is one that the chat face takes', async () => {
  const { tools }: { tools: unknown[] } = (await (await client.request(`${PATH}/tools`)).json()) as never;
  expect(at(tools, 0, 'function', 'name')).toBe('web_search');
  expect((await client.chat('hi', { tools })).status).toBe(200);
});

test('the output is for the organisation’s own calls, unchanged', async () => {
  simulator.web.find = (query) => [{ url: 'https://a.example', title: query }];
  const body: unknown = await fiber('kimi');
  expect(body).toMatchObject({ object: 'fiber', status: 'succeeded', formula: 'moonshot/web-search:latest' });
  expect(at(body, 'context', 'references')).toBeUndefined();
  const output = String(at(body, 'context', 'encrypted_output'));
  expect(output).not.toContain('a.example');
  const history = (content: string) => [
    { role: 'user', content: 'sim: turn 2\nsim: say Hi.' },
    {
      role: 'assistant',
      content: null,
      reasoning_content: '',
      tool_calls: [{ id: 'a:0', type: 'function', function: { name: 'web_search', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'a:0', content },
  ];
  const other = new SimClient(simulator, 'sk-other');
  const statuses = [
    client.chat(history(output)),
    client.chat(history(output.replace('.', 'x.'))),
    client.chat(history(`Found: ${output}`)),
    other.chat(history(output)),
  ];
  expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([200, 400, 400, 400]);
});

test('what the search is told wrong', async () => {
  expect(await fiber('')).toMatchObject({ status: 'failed', context: { error: 'query is required' } });
  const post = async (path: string, body: unknown) => (await client.post(path, body)).status;
  expect([
    await post(`${PATH}/fibers`, { name: 'web_search', arguments: { query: 'x' } }),
    await post(`${PATH}/fibers`, { name: 'rethink', arguments: '{}' }),
    await post('/formulas/moonshot/nothing:latest/fibers', { name: 'web_search', arguments: '{}' }),
    await post(`${PATH}/tools`, {}),
    (await new SimClient(simulator, 'sk-wrong').request(`${PATH}/tools`)).status,
  ]).toEqual([400, 400, 404, 404, 401]);
});

test('the addresses may stand beside it', async () => {
  simulator.web.showsReferences = true;
  expect(at(await fiber('kimi'), 'context', 'references', 0)).toEqual({
    url: 'https://example.com/1',
    title: 'Result 1 for kimi',
  });
});
