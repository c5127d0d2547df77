import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import type { Rig } from '../setup.ts';
import { searchRig } from './search-rig.ts';

/** The web chat says what its answer rests on, and not what it looked for. */
const SCRIPT = 'sim: source https://kimi.example/k3 Kimi K3\nsim: say Hi \nsim: cite 1';
const OFF = { surface: { web: { search: false } } };

const sent = (rig: Rig) => rig.simulator.calls.filter(({ path }) => /Chat$/.test(path)).at(-1)?.rawBody ?? '';

test.each([{ stream: false }, { stream: true }])(
  'Responses has its sources as annotations, stream $stream',
  async ({ stream }) => {
    await using rig = await searchRig('kimi-web', OFF);
    const client = new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
    const request = { model: 'k2', input: SCRIPT, tools: [{ type: 'web_search' as const }] };
    const response = stream
      ? await client.responses.stream({ ...request, stream: true }).finalResponse()
      : await client.responses.create(request);
    expect(response.output.map(({ type }) => type)).toEqual(['message']);
    const [part] = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
    expect(part).toMatchObject({
      text: 'Hi [^1^]',
      annotations: [{ type: 'url_citation', url: 'https://kimi.example/k3', start_index: 3, end_index: 8 }],
    });
    expect(sent(rig)).toContain('TOOL_TYPE_SEARCH');
  },
);

test.each([{ stream: false }, { stream: true }])(
  'Messages has them as citations, stream $stream',
  async ({ stream }) => {
    await using rig = await searchRig('kimi-web', OFF);
    const client = new Anthropic({ baseURL: rig.url, apiKey: 'any', fetch: rig.fetch, maxRetries: 0 });
    const request = {
      model: 'k2',
      max_tokens: 100,
      messages: [{ role: 'user' as const, content: SCRIPT }],
      tools: [{ type: 'web_search_20250305' as const, name: 'web_search' as const }],
    };
    const message = stream
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    expect(message.content).toMatchObject([
      { type: 'text', text: 'Hi [^1^]', citations: [{ url: 'https://kimi.example/k3', title: 'Kimi K3' }] },
    ]);
    expect(sent(rig)).toContain('TOOL_TYPE_SEARCH');
  },
);

test('the owner’s default asks it too, and a suffix tells it not to', async () => {
  await using rig = await searchRig('kimi-web', { ...OFF, settings: { search: { models: ['k2'] } } });
  const ask = (model: string) => rig.chat({ model, messages: [{ role: 'user', content: 'sim: say Hi.' }] });
  await (await ask('k2')).text();
  expect(sent(rig)).toContain('TOOL_TYPE_SEARCH');
  await (await ask('k2-nosearch')).text();
  expect(sent(rig)).not.toContain('TOOL_TYPE_SEARCH');
});
