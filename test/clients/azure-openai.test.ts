import { AzureOpenAI } from 'openai';
import { expect, test } from 'vitest';
import { startRig } from '../setup.ts';

const KEY = 'inbound-azure-0123456789abcdef';

test('AzureOpenAI needs an endpoint and a key, and its deployment is the model', async () => {
  await using rig = await startRig({ config: { keys: [{ name: 'azure', key: KEY }] }, secrets: [KEY] });
  const options = { endpoint: rig.url, apiKey: KEY, apiVersion: '2025-04-01-preview', fetch: rig.fetch, maxRetries: 0 };
  const messages = [{ role: 'user' as const, content: 'sim: say hi' }];
  const byDeployment = new AzureOpenAI({ ...options, deployment: 'kimi-k2.6' });
  const answer = await byDeployment.chat.completions.create({ model: 'kimi-k2.6', messages });
  expect(answer.choices[0]?.message.content).toBe('hi');
  const client = new AzureOpenAI(options);
  const stream = await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  expect(text).toBe('hi');
  expect((await client.responses.create({ model: 'gpt-4o', input: 'sim: say hi' })).output_text).toBe('hi');
  expect((await client.models.list()).data.map(({ id }) => id)).toContain('kimi-k2.6');
  await expect(client.embeddings.create({ model: 'e', input: 'x' })).rejects.toMatchObject({ code: 'not_offered' });
});
