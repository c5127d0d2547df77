import { createAnthropic } from '@ai-sdk/anthropic';
import Anthropic from '@anthropic-ai/sdk';
import { generateText, streamText } from 'ai';
import { describe, expect, test } from 'vitest';
import type { Rig } from '../setup.ts';
import { chatsOf, MODELS, ONE_SEARCH, searchesOf, searchRig, TEXT } from './search-rig.ts';

const clientOf = (rig: Rig) => new Anthropic({ baseURL: rig.url, apiKey: 'any', fetch: rig.fetch, maxRetries: 0 });
const user = (content: string) => ({ role: 'user' as const, content });
const SEARCH = { type: 'web_search_20250305' as const, name: 'web_search' as const };

describe.each(['platform', 'kimi-code'] as const)('Messages, searching on %s', (way) => {
  const model = MODELS[way];
  const ask = (rig: Rig, stream: boolean, more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) => {
    const request = { model, max_tokens: 4_096, messages: [user(ONE_SEARCH)], tools: [SEARCH], ...more };
    const { messages } = clientOf(rig);
    return stream ? messages.stream(request).finalMessage() : messages.create(request);
  };

  test.each([{ stream: false }, { stream: true }])(
    'the search as Anthropic tells it, stream $stream',
    async ({ stream }) => {
      await using rig = await searchRig(way);
      rig.simulator.web.showsReferences = true;
      const message = await ask(rig, stream);
      const blocks = message.content.filter(({ type }) => type !== 'thinking');
      expect(blocks).toMatchObject([
        { type: 'server_tool_use', name: 'web_search', input: { query: 'kimi k3' } },
        {
          type: 'web_search_tool_result',
          content: [
            { type: 'web_search_result', url: 'https://kimi.example/k3', title: 'Kimi K3' },
            { type: 'web_search_result', url: 'https://news.example/a', title: 'A headline' },
          ],
        },
        {
          type: 'text',
          text: TEXT,
          citations: [{ type: 'web_search_result_location', url: 'https://kimi.example/k3', title: 'Kimi K3' }],
        },
      ]);
      const [use, result] = blocks;
      expect(result).toMatchObject({ tool_use_id: (use as { id: string }).id });
      expect(message.stop_reason).toBe('end_turn');
      expect(message.usage).toMatchObject({
        input_tokens: 250,
        cache_read_input_tokens: 50,
        output_tokens: 30,
        server_tool_use: { web_search_requests: 1 },
      });
      expect(searchesOf(rig)).toHaveLength(1);
    },
  );

  test('max_uses bounds the searches, and a search that fails is an error of its own', async () => {
    await using rig = await searchRig(way);
    const script =
      'sim: tool web_search {"query":"a"}\nsim: tool web_search {"query":"b"}\nsim: turn 2\nsim: say Enough.';
    const message = await ask(rig, true, { messages: [user(script)], tools: [{ ...SEARCH, max_uses: 1 }] });
    const results = message.content.flatMap((block) =>
      block.type === 'web_search_tool_result' ? [block.content] : [],
    );
    expect(results).toMatchObject([
      expect.any(Array),
      { type: 'web_search_tool_result_error', error_code: 'unavailable' },
    ]);
    expect(searchesOf(rig)).toHaveLength(1);
  });

  test('an answer with a search goes back up as a history', async () => {
    await using rig = await searchRig(way);
    const first = await ask(rig, false);
    const content = first.content as Anthropic.ContentBlockParam[];
    const second = await ask(rig, false, {
      messages: [user('Look.'), { role: 'assistant', content }, user('sim: say Again.')],
      tools: [SEARCH],
    });
    expect(second.content).toMatchObject([{ type: 'text', text: 'Again.' }]);
  });

  test('the client’s own tools stay its own', async () => {
    await using rig = await searchRig(way);
    const weather = { name: 'get_weather', input_schema: { type: 'object' as const, properties: {} } };
    const script = 'sim: tool web_search {"query":"a"}\nsim: turn 2\nsim: tool get_weather {"city":"Rome"}';
    const message = await ask(rig, true, { messages: [user(script)], tools: [SEARCH, weather] });
    expect(message.content.map(({ type }) => type)).toEqual(['server_tool_use', 'web_search_tool_result', 'tool_use']);
    expect(message.stop_reason).toBe('tool_use');
    expect(chatsOf(rig)).toHaveLength(2);
  });

  test('turned off, the tool is left out as before', async () => {
    await using rig = await searchRig(way, { settings: { search: { enabled: false } } });
    const message = await ask(rig, false, { messages: [user('sim: say Hi.')] });
    expect(message.content).toMatchObject([{ type: 'text', text: 'Hi.' }]);
    expect(JSON.stringify(chatsOf(rig))).not.toContain('web_search');
  });
});

test.each([{ stream: false }, { stream: true }])('@ai-sdk/anthropic, stream $stream', async ({ stream }) => {
  await using rig = await searchRig('kimi-code');
  const anthropic = createAnthropic({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch });
  const call = {
    model: anthropic('k3'),
    prompt: ONE_SEARCH,
    tools: { web_search: anthropic.tools.webSearch_20250305({}) },
    maxRetries: 0,
  };
  const result = stream ? streamText(call) : await generateText(call);
  expect(await result.text).toBe(TEXT);
  expect((await result.sources)[0]).toMatchObject({ sourceType: 'url', url: 'https://kimi.example/k3' });
});
