import { expect, test } from 'vitest';
import { describeMatrix, post, startRig } from '../setup.ts';

describeMatrix('paths', (door) => {
  test.each([
    '/v1/chat/completions',
    '/v1/v1/chat/completions',
    '/v1/v1/v1/chat/completions',
    '/chat/completions',
    '/v1/chat/completions/',
    '/v1//chat/completions',
    '//v1/chat/completions',
    '/v1/chat/completions?beta=true',
    '/v1/v1/chat/completions/?beta=true',
  ])('POST %s', async (path) => {
    await using rig = await startRig({ door });
    const response = await rig.get(path, post('sim: say hi'));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'hi' } }] });
  });

  test.each(['/v1/models', '/models', '/v1/v1/models', '/v1/models/', '/v1/models?limit=20'])(
    'GET %s',
    async (path) => {
      await using rig = await startRig({ door });
      expect(await (await rig.get(path)).json()).toMatchObject({ object: 'list' });
    },
  );

  test.each(['kimi-k2.6', 'k25', 'moonshot/kimi-k2.6', 'moonshot%2Fkimi-k2.6', 'K%32%35'])(
    'GET /v1/models/%s',
    async (id) => {
      await using rig = await startRig({ door });
      const response = await rig.get(`/v1/models/${id}`);
      expect(response.status).toBe(id === 'K%32%35' ? 404 : 200);
      await response.text();
    },
  );

  test.each(['/', '/healthz', '/readyz', '/v1/models'])('HEAD %s has a head and no body', async (path) => {
    await using rig = await startRig({ door });
    const response = await rig.get(path, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect(response.headers.get('content-type')).toContain('json');
  });

  test('an unknown path names the nearest', async () => {
    await using rig = await startRig({ door });
    const response = await rig.get('/v1/chat/completion', post('hi'));
    expect(response.status).toBe(404);
    const { error } = (await response.json()) as { error: { message: string; code: string } };
    expect(error.code).toBe('not_found');
    expect(error.message).toContain('Did you mean /v1/chat/completions?');
  });

  test.each([
    { method: 'GET', path: '/v1/chat/completions', allowed: 'POST' },
    { method: 'DELETE', path: '/v1/models', allowed: 'GET' },
    { method: 'PATCH', path: '/v1/chat/completions', allowed: 'POST' },
  ])('$method $path is not allowed', async ({ method, path, allowed }) => {
    await using rig = await startRig({ door });
    const response = await rig.get(path, { method });
    expect(response.status).toBe(405);
    expect(await response.text()).toContain(`takes ${allowed}, not ${method}`);
    expect(response.headers.get('allow')).toBe(allowed);
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '模型', '../../etc'])(
    'the model %s is not there',
    async (model) => {
      await using rig = await startRig({ door });
      const response = await rig.chat({ model, messages: [{ role: 'user', content: 'hi' }] });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'unknown_model', param: 'model' } });
    },
  );
});

test('a method that every object has is no route', async () => {
  await using rig = await startRig({ door: 'memory' });
  const response = await rig.get('/v1/models', { method: 'constructor' });
  expect(response.status).toBe(405);
  await response.text();
});
