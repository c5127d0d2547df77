import { afterAll, beforeAll, expect, test } from 'vitest';
import { RETIRED_MODELS, startSimulator } from '../index.ts';
import { at, SimClient } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

let simulator: Simulator;
let client: SimClient;

beforeAll(async () => {
  simulator = await startSimulator({
    accounts: [
      { keys: ['sk-sim-cn', 'sk-second'], host: 'cn', balance: 10, voucher: 5 },
      { keys: 'sk-sim-ai', host: 'ai' },
      { keys: 'sk-poor', host: 'ai', entitlements: { k3: false } },
      { keys: 'sk-new', host: 'ai', entitlements: { k2: false } },
    ],
  });
  client = new SimClient(simulator);
});
afterAll(() => simulator.close());

test('two hosts, two sets of keys', async () => {
  const ask = async (key: string, host: 'cn' | 'ai'): Promise<unknown[]> => {
    const response = await new SimClient(simulator, key, host).request('/models');
    return [response.status, at(await response.json(), 'error')];
  };
  const wrong = [401, { message: 'Invalid Authentication', type: 'invalid_authentication_error' }];
  expect(await ask('sk-sim-cn', 'cn')).toEqual([200, undefined]);
  expect(await ask('sk-sim-ai', 'ai')).toEqual([200, undefined]);
  expect(await ask('sk-sim-cn', 'ai')).toEqual(wrong);
  expect(await ask('sk-sim-ai', 'cn')).toEqual(wrong);
  expect(await ask('', 'cn')).toEqual([
    401,
    { message: 'Incorrect API key provided', type: 'incorrect_api_key_error' },
  ]);
});

test('the model list, and what an account may not see of it', async () => {
  const ids = async (key: string): Promise<unknown> => {
    const body: unknown = await (await new SimClient(simulator, key, 'ai').request('/models')).json();
    const data = at(body, 'data');
    return Array.isArray(data) ? data.map((model) => at(model, 'id')) : undefined;
  };
  const k3 = ['kimi-k3.1-pro', 'kimi-k3.1-pro-highspeed', 'kimi-k3'];
  const k2 = ['kimi-k2.7-code', 'kimi-k2.7-code-highspeed', 'kimi-k2.6'];
  expect(await ids('sk-sim-ai')).toEqual([...k3, ...k2]);
  expect(await ids('sk-poor')).toEqual(k2);
  expect(await ids('sk-new')).toEqual(k3);
  const one = await client.request('/models/kimi-k2.6');
  expect(await one.json()).toMatchObject({
    object: 'model',
    context_length: 262_144,
    supports_image_in: true,
    supports_thinking_type: 'both',
    supports_dynamic_tools: false,
  });
});

test.each([...Object.keys(RETIRED_MODELS), 'gpt-4o'])('%s is not there', async (model) => {
  const message = `Not found the model ${model} or Permission denied`;
  const body = { error: { message, type: 'resource_not_found_error' } };
  const chat = await client.chat('hi', { model });
  expect([chat.status, await chat.json()]).toEqual([404, body]);
  const get = await client.request(`/models/${model}`);
  expect([get.status, await get.json()]).toEqual([404, body]);
});

test('a locked model is not there either', async () => {
  expect((await new SimClient(simulator, 'sk-poor', 'ai').chat('hi')).status).toBe(404);
  expect((await new SimClient(simulator, 'sk-new', 'ai').chat('hi', { model: 'kimi-k2.6' })).status).toBe(404);
});

test('the balance', async () => {
  const body = await (await client.request('/users/me/balance')).json();
  const data = { available_balance: 15, voucher_balance: 5, cash_balance: 10 };
  expect(body).toEqual({ code: 0, data, scode: '0x0', status: true });
});

test('the token count agrees with the usage', async () => {
  const messages = [{ role: 'user', content: 'sim: say 你好' }];
  const count = await (await client.post('/tokenizers/estimate-token-count', { model: 'kimi-k3', messages })).json();
  const usage = at(await (await client.chat(messages)).json(), 'usage', 'prompt_tokens');
  expect(at(count, 'data', 'total_tokens')).toBe(usage);
});

test('every answer has the ids of its call; what does not exist is a 404', async () => {
  const response = await client.request('/embeddings', { method: 'POST' });
  expect(response.status).toBe(404);
  expect(at(await response.json(), 'error', 'type')).toBe('resource_not_found_error');
  expect(response.headers.get('x-msh-trace-id')).toMatch(/^[0-9a-f]{32}$/);
  expect(response.headers.get('msh-request-id')).toBeTruthy();
  expect((await fetch(`${simulator.url}/other`)).status).toBe(404);
});
