import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { describeMatrix, post, type Rig, startRig } from '../setup.ts';

const KEY = 'inbound-key-0123456789abcdef';
const WITH_KEYS = { config: { keys: [{ name: 'me', key: KEY }] }, secrets: [KEY] };
const PAGE = 'http://localhost:3000';

describeMatrix('keys', (door) => {
  test.each([
    { name: 'authorization', headers: { authorization: `Bearer ${KEY}` } },
    { name: 'authorization in another case', headers: { authorization: `bearer  ${KEY}` } },
    { name: 'x-api-key', headers: { 'x-api-key': KEY } },
    { name: 'x-api-key beside other authorization', headers: { authorization: 'Basic YTpi', 'x-api-key': KEY } },
  ])('$name opens', async ({ headers }) => {
    await using rig = await startRig({ door, ...WITH_KEYS });
    expect((await rig.chat('sim: say hi', { headers })).status).toBe(200);
    expect(rig.simulator.calls.at(-1)?.headers['x-api-key']).toBeUndefined();
  });

  test.each([
    { name: 'no key', headers: {} },
    { name: 'a wrong key', headers: { authorization: 'Bearer wrong' } },
    { name: 'an empty key', headers: { authorization: 'Bearer ' } },
    { name: 'the beginning of the key', headers: { 'x-api-key': KEY.slice(0, -1) } },
  ])('$name does not', async ({ headers }) => {
    await using rig = await startRig({ door, ...WITH_KEYS });
    for (const path of ['/v1/models', '/v1/models/k25', '/no-such-path']) {
      const response = await rig.get(path, { headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key', hint: expect.any(String) } });
    }
    expect((await rig.chat('hi', { headers })).status).toBe(401);
    expect((await rig.get('/healthz')).status).toBe(200);
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });
});

describeMatrix('web pages', (door) => {
  const WITH_PAGE = { door, config: { allowed_origins: [PAGE] } };
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
    },
  });

  test('an allowed origin asks and reads', async () => {
    await using rig = await startRig(WITH_PAGE);
    const asked = await rig.get('/v1/chat/completions', preflight(PAGE));
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(asked.headers.get('access-control-allow-headers')).toContain('x-stainless-lang');
    expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
    const read = await rig.chat('sim: say hi', { headers: { origin: PAGE } });
    expect(read.status).toBe(200);
    expect(read.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(read.headers.get('vary')).toMatch(/origin/i);
    for (const name of ['x-request-id', 'x-moongate-model', 'x-moongate-fallback', 'x-moongate-error']) {
      expect(read.headers.get('access-control-expose-headers')).toContain(name);
    }
    await read.text();
    const refused = await rig.chat({ model: 'nobody', messages: [] }, { headers: { origin: PAGE } });
    expect(refused.status).toBe(404);
    expect(refused.headers.get('access-control-allow-origin')).toBe(PAGE);
  });

  test.each([
    'https://evil.example',
    'null',
    `${PAGE}.evil.example`,
    'http://localhost:3001',
    'HTTP://LOCALHOST:3000/',
  ])('%s may neither ask nor call', async (origin) => {
    await using rig = await startRig(WITH_PAGE);
    for (const init of [preflight(origin), post('sim: say hi', { headers: { origin } })]) {
      const response = await rig.get('/v1/chat/completions', init);
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      await response.text();
    }
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });
});

describe('Host', () => {
  const statusFor = (rig: Rig, host: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = { host, connection: 'close' };
      const request = httpRequest({ port: rig.port, host: '127.0.0.1', path: '/v1/models', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      request.on('error', reject).end();
    });

  test.each([
    '127.0.0.1',
    '127.0.0.1:8000',
    'localhost:8000',
    'LOCALHOST',
    '[::1]:8000',
    'kimi.example.org',
    'app.localhost',
  ])('%s is the gateway', async (host) => {
    await using rig = await startRig({ config: { allowed_hosts: ['kimi.example.org'] } });
    expect(await statusFor(rig, host)).toBe(200);
  });

  test.each([
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80:80',
  ])('"%s" is a name that was rebound', async (host) => {
    await using rig = await startRig();
    expect(await statusFor(rig, host)).toBe(403);
  });
});
