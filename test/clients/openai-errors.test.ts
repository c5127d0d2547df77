import OpenAI from 'openai';
import OpenAI6 from 'openai-6';
import { describe, expect, test } from 'vitest';
import { CN_KEY, type Rig, type RigOptions, startRig } from '../setup.ts';

const CLIENTS = [
  { name: 'openai 7', Client: OpenAI },
  { name: 'openai 6', Client: OpenAI6 as unknown as typeof OpenAI },
];

/** One try each, so that a failure is not waited for. */
const ONCE: RigOptions = { config: { retries: { attempts: 1 } } };

describe.each(CLIENTS)('errors of $name', ({ Client }) => {
  const create = (rig: Rig, content: string, more: Record<string, unknown> = {}) =>
    new Client({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 }).chat.completions.create({
      model: 'kimi-k2.6',
      messages: [{ role: 'user', content }],
      ...more,
    });

  const CASES = [
    { fault: 'auth', kind: Client.AuthenticationError, says: /Invalid Authentication/ },
    { fault: 'permission', kind: Client.PermissionDeniedError, says: /The API you are accessing is not open/ },
    { fault: 'rate-limit', kind: Client.RateLimitError, says: /Rate limit exceeded, please try again after 1 seconds/ },
    { fault: 'quota', kind: Client.RateLimitError, says: /exceeded your current token quota/ },
    { fault: 'overload', kind: Client.RateLimitError, says: /The engine is currently overloaded/ },
    { fault: 'filter', kind: Client.BadRequestError, says: /considered high risk/ },
    { fault: 'token-limit', kind: Client.BadRequestError, says: /exceeded model token limit: 262144/ },
    { fault: 'server', kind: Client.InternalServerError, says: /Internal server error, please try again later/ },
    { fault: 'unavailable', kind: Client.InternalServerError, says: /The server is unavailable/ },
    { fault: 'html-504', kind: Client.InternalServerError, says: /The surface answered 504/ },
    { fault: 'reset', kind: Client.InternalServerError, says: /could not be reached/ },
  ] as const;

  test.each(
    CASES.flatMap((row) => [
      { ...row, stream: false },
      { ...row, stream: true },
    ]),
  )('$fault, stream $stream', async ({ fault, kind, says, stream }) => {
    await using rig = await startRig(ONCE);
    const failure = await create(rig, 'hi', {
      messages: [{ role: 'user', content: `sim: fault ${fault}` }],
      stream,
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(kind);
    expect(String(failure)).toMatch(says);
  });

  test('a model that nobody serves', async () => {
    await using rig = await startRig(ONCE);
    const failure = create(rig, 'hi', { model: 'kimi-k2.66' });
    await expect(failure).rejects.toThrow(Client.NotFoundError);
    await expect(failure).rejects.toThrow(/kimi-k2\.66.*Did you mean 'kimi-k2\.6'/);
  });

  test('a request that the platform refuses keeps its sentence', async () => {
    await using rig = await startRig(ONCE);
    const failure = create(rig, 'hi', { response_format: { type: 'sideways' } });
    await expect(failure).rejects.toThrow(Client.BadRequestError);
    await expect(failure).rejects.toThrow(/response_format/);
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('an inbound key that is wrong', async () => {
    await using rig = await startRig({ config: { keys: [{ name: 'me', key: 'inbound-key-0123456789' }] } });
    await expect(create(rig, 'hi')).rejects.toThrow(Client.AuthenticationError);
  });

  test('an error in the middle of a stream is thrown with the sentence of the surface', async () => {
    await using rig = await startRig();
    const stream = await create(rig, 'sim: pause 5\nsim: say-n 5\nsim: error-chunk server_error It broke.', {
      stream: true,
    });
    const reading = (async () => {
      let text = '';
      for await (const chunk of stream as unknown as AsyncIterable<OpenAI.ChatCompletionChunk>) {
        text += chunk.choices[0]?.delta.content ?? '';
      }
      return text;
    })();
    await expect(reading).rejects.toThrow(Client.APIError);
    await expect(reading).rejects.toThrow(/It broke\./);
  });

  test('no gateway at all', async () => {
    const client = new Client({ apiKey: CN_KEY, baseURL: 'http://127.0.0.1:9/v1', maxRetries: 0 });
    await expect(client.models.list()).rejects.toThrow(Client.APIConnectionError);
  });
});
