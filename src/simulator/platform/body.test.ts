import { expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import { at, SimClient } from '../sim-client.ts';

test('refuses a body that is no JSON, of another type, or too large', async () => {
  const simulator = await startSimulator({ maxBodyBytes: 100_000 });
  const client = new SimClient(simulator);
  const broken = await client.post('/chat/completions', '{"model":');
  const form = await client.post('/chat/completions', 'a=b', { headers: { 'content-type': 'text/plain' } });
  const large = await client.chat('x'.repeat(100_001));
  expect([broken.status, form.status, large.status]).toEqual([400, 400, 413]);
  expect(await large.json()).toEqual({ error: { message: 'Request exceeds the maximum size' } });
  await simulator.close();
});

test('refuses unknown members when asked to', async () => {
  const strict = await startSimulator({ unknownMembers: 'refuse', mfjs: 'strict' });
  const client = new SimClient(strict);
  const store = await client.chat('hi', { store: false });
  expect(at(await store.json(), 'error', 'message')).toBe('Invalid request: unknown field store');
  const rooted = await client.chat('hi', {
    tools: [{ type: 'function', function: { name: 'look_up', parameters: { $schema: 'x', type: 'object' } } }],
  });
  expect(at(await rooted.json(), 'error', 'message')).toContain('unsupported keywords: $schema');
  await strict.close();
});
