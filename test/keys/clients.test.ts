import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { type Rig, startRig } from '../setup.ts';

const LIMITED = 'limited-key-0123456789abcdef';
const POOR = 'poor-key-0123456789abcdef';
const CONFIG = {
  config: {
    keys: [
      { name: 'limited', key: LIMITED, rpm: 1, tpm: 100_000, models: ['kimi-k2.6'] },
      { name: 'poor', key: POOR, budget: { daily: 0 } },
    ],
  },
  secrets: [LIMITED, POOR],
};

const openai = (rig: Rig, apiKey: string) => new OpenAI({ apiKey, baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
const anthropic = (rig: Rig, apiKey: string, maxRetries = 0) =>
  new Anthropic({ apiKey, baseURL: rig.url, fetch: rig.fetch, maxRetries });

const failureOf = (call: PromiseLike<unknown>) =>
  Promise.resolve(call).then(
    () => undefined,
    (error: unknown) => error,
  );

const QUESTION = { messages: [{ role: 'user' as const, content: 'sim: say hi' }], max_tokens: 100 };

test("OpenAI's client meets its own classes, with the headers that it knows", async () => {
  await using rig = await startRig(CONFIG);
  const client = openai(rig, LIMITED);
  const create = (model: string) => client.chat.completions.create({ model, ...QUESTION });
  const forbidden = await failureOf(create('kimi-k3'));
  expect(forbidden).toBeInstanceOf(OpenAI.PermissionDeniedError);
  expect(forbidden).toMatchObject({ status: 403, code: 'model_not_allowed', param: 'model' });
  const { response } = await create('kimi-k2.6').withResponse();
  expect(response.headers.get('x-ratelimit-limit-requests')).toBe('1');
  const limited = await failureOf(create('kimi-k2.6'));
  expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
  expect(limited).toMatchObject({ status: 429, code: 'key_rate_limited', type: 'rate_limit_error' });
  expect((limited as InstanceType<typeof OpenAI.RateLimitError>).headers?.get('x-ratelimit-remaining-requests')).toBe(
    '0',
  );
  const unknown = await failureOf(
    openai(rig, 'mg-unknown').chat.completions.create({ model: 'kimi-k2.6', ...QUESTION }),
  );
  expect(unknown).toBeInstanceOf(OpenAI.AuthenticationError);
  expect((await client.models.list()).data.filter(({ id }) => id.startsWith('kimi-k')).map(({ id }) => id)).toEqual([
    'kimi-k2.6',
  ]);
});

test('of a stream and of Responses, too', async () => {
  await using rig = await startRig(CONFIG);
  const client = openai(rig, LIMITED);
  const stream = await client.responses.create({ model: 'kimi-k2.6', input: 'sim: say hi', stream: true });
  let text = '';
  for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
  expect(text).toBe('hi');
  for (const background of [false, true]) {
    const limited = await failureOf(client.responses.create({ model: 'kimi-k2.6', input: 'hi', background }));
    expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
  }
  const streamed = await failureOf(client.chat.completions.create({ model: 'kimi-k2.6', ...QUESTION, stream: true }));
  expect(streamed).toBeInstanceOf(OpenAI.RateLimitError);
});

test("Anthropic's client meets its own classes and headers", async () => {
  await using rig = await startRig(CONFIG);
  const client = anthropic(rig, LIMITED);
  const create = (model: string) => client.messages.create({ model, ...QUESTION });
  const forbidden = await failureOf(create('kimi-k3'));
  expect(forbidden).toBeInstanceOf(Anthropic.PermissionDeniedError);
  expect(forbidden).toMatchObject({ error: { type: 'error', error: { type: 'permission_error' } } });
  const { response } = await create('kimi-k2.6').withResponse();
  expect(response.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0');
  expect(response.headers.get('anthropic-ratelimit-tokens-limit')).toBe('100000');
  expect(response.headers.get('anthropic-ratelimit-requests-reset')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(response.headers.get('x-ratelimit-limit-requests')).toBeNull();
  const limited = await failureOf(create('kimi-k2.6'));
  expect(limited).toBeInstanceOf(Anthropic.RateLimitError);
  expect(limited).toMatchObject({ error: { error: { type: 'rate_limit_error' } } });
  expect(Number((limited as InstanceType<typeof Anthropic.RateLimitError>).headers.get('retry-after'))).toBeGreaterThan(
    50,
  );
});

test('no client tries again for a budget that begins tomorrow', async () => {
  await using rig = await startRig(CONFIG);
  let calls = 0;
  const client = new OpenAI({
    apiKey: POOR,
    baseURL: rig.base,
    maxRetries: 2,
    fetch: (input, init) => {
      calls++;
      return rig.fetch(input, init);
    },
  });
  const failure = await failureOf(client.chat.completions.create({ model: 'kimi-k2.6', ...QUESTION }));
  expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
  expect(failure).toMatchObject({ code: 'budget_exhausted', type: 'insufficient_quota' });
  const other = await failureOf(anthropic(rig, POOR, 2).messages.create({ model: 'kimi-k2.6', ...QUESTION }));
  expect(other).toBeInstanceOf(Anthropic.RateLimitError);
  expect(calls).toBe(1);
});
