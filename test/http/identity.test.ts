import { describe, expect, test } from 'vitest';
import { completion, sendJson, startFakeSurface } from '../fake-surface.ts';
import { describeMatrix, post, startRig } from '../setup.ts';
import { until } from '../until.ts';

const KEY = 'inbound-key-0123456789abcdef';
const KEYS = { keys: [{ name: 'me', key: KEY }] };

/** Every way in which a client may show its key. */
const WAYS = [
  { name: 'authorization', headers: { authorization: `Bearer ${KEY}` } },
  { name: 'x-api-key', headers: { 'x-api-key': KEY } },
  { name: 'api-key', headers: { 'api-key': KEY } },
  { name: 'a stale bearer beside x-api-key', headers: { authorization: 'Bearer other', 'x-api-key': KEY } },
  { name: 'a stale x-api-key beside api-key', headers: { 'x-api-key': 'other', 'api-key': KEY } },
] as const;

describeMatrix('who calls', (door) => {
  test.each(WAYS)('$name opens and is forgotten: nothing of it goes up', async ({ headers }) => {
    await using surface = await startFakeSurface((_call, response) => sendJson(response, 200, completion('hi')));
    const own = {
      type: 'compatible',
      base_url: surface.baseUrl,
      credentials: [{ key: 'sk-upstream-0123456789' }],
      models: { 'kimi-k2.6': 'kimi-k2.6' },
    };
    await using rig = await startRig({ door, config: { ...KEYS, surfaces: { own } }, secrets: [KEY] });
    const init = post('hi', { headers: { ...headers, cookie: `key=${KEY}`, 'x-forwarded-for': '10.0.0.9' } });
    const response = await rig.get(`/v1/chat/completions?key=${KEY}`, init);
    expect(response.status).toBe(200);
    await response.text();
    const [call] = surface.calls;
    expect(JSON.stringify([call?.path, call?.headers, call?.body.toString()])).not.toContain(KEY);
    expect(call?.headers.authorization).toBe('Bearer sk-upstream-0123456789');
    expect(Object.keys(call?.headers ?? {})).not.toEqual(expect.arrayContaining(['x-api-key']));
    for (const name of ['x-api-key', 'api-key', 'cookie', 'x-forwarded-for', 'anthropic-version']) {
      expect(call?.headers[name]).toBeUndefined();
    }
  });
});

describe('a key in the query', () => {
  const models = (query: string) => `/v1/models?${query}`;

  test.each([`key=${KEY}`, `api_key=${KEY}`])('does not open unless the owner says so', async (query) => {
    await using rig = await startRig({ config: KEYS, secrets: [KEY] });
    expect((await rig.get(models(query))).status).toBe(401);
  });

  test.each([`key=${KEY}`, `api_key=${KEY}`, `limit=1&key=${KEY}`])(
    'opens a GET then, and is never logged',
    async (query) => {
      await using rig = await startRig({ config: { ...KEYS, query_key: true }, secrets: [KEY] });
      const response = await rig.get(models(query));
      expect(response.status).toBe(200);
      await response.text();
      // Leaving the rig looks for the key in every log line and header.
      await until(() => rig.logs.some((line) => line.includes('"path":"/v1/models"')), 'the line of the request');
      expect((await rig.get(models('key=wrong'))).status).toBe(401);
    },
  );

  test('opens nothing but a GET', async () => {
    await using rig = await startRig({ config: { ...KEYS, query_key: true }, secrets: [KEY] });
    expect((await rig.get(`/v1/chat/completions?key=${KEY}`, post('sim: say hi'))).status).toBe(401);
  });
});
