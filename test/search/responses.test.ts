import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import type { Response, ResponseCreateParamsNonStreaming, ResponseInput } from 'openai/resources/responses/responses';
import { describe, expect, test } from 'vitest';
import type { Rig } from '../setup.ts';
import { until } from '../until.ts';
import { chatsOf, MODELS, ONE_SEARCH, searchesOf, searchRig, TEXT } from './search-rig.ts';

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });

/** Says something before it searches, and reads a page. */
const WITH_WORDS = [
  'sim: say I look, https://kimi.example/k3.',
  'sim: tool web_search {"query":"kimi k3"}',
  'sim: turn 2',
  `sim: say ${TEXT}`,
].join('\n');

const asked = (model: string, input: string): ResponseCreateParamsNonStreaming => ({
  model,
  input,
  tools: [{ type: 'web_search' }],
  include: ['web_search_call.action.sources'],
  store: false,
});

async function ask(rig: Rig, request: ResponseCreateParamsNonStreaming, stream: boolean): Promise<Response> {
  if (!stream) return clientOf(rig).responses.create(request);
  return clientOf(rig)
    .responses.stream({ ...request, stream: true })
    .finalResponse();
}

const types = ({ output }: Response) => output.map(({ type }) => type);

describe.each(['platform', 'kimi-code'] as const)('Responses, searching on %s', (way) => {
  const model = MODELS[way];

  test.each([{ stream: false }, { stream: true }])('the search and its sources, stream $stream', async ({ stream }) => {
    await using rig = await searchRig(way);
    rig.simulator.web.showsReferences = true;
    const response = await ask(rig, asked(model, ONE_SEARCH), stream);
    expect(types(response).filter((type) => type !== 'reasoning')).toEqual(['web_search_call', 'message']);
    expect(response.output.find(({ type }) => type === 'web_search_call')).toMatchObject({
      id: expect.stringMatching(/^ws_/),
      status: 'completed',
      action: {
        type: 'search',
        query: 'kimi k3',
        sources: [
          { type: 'url', url: 'https://kimi.example/k3' },
          { type: 'url', url: 'https://news.example/a' },
        ],
      },
    });
    const [part] = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
    const at = TEXT.indexOf('[K3]');
    expect(part).toMatchObject({
      text: TEXT,
      annotations: [{ type: 'url_citation', url: 'https://kimi.example/k3', title: 'Kimi K3', start_index: at }],
    });
    expect(response.usage).toMatchObject({ input_tokens: 300, output_tokens: 30 });
    expect(response.tools).toMatchObject([{ type: 'web_search' }]);
  });

  test('what is said before a search is an item of its own, with its own citations', async () => {
    await using rig = await searchRig(way);
    rig.simulator.web.showsReferences = true;
    const response = await ask(rig, asked(model, WITH_WORDS), true);
    expect(types(response)).toEqual(['message', 'web_search_call', 'message']);
    const parts = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
    const spans = parts.map((part) =>
      part.type === 'output_text'
        ? part.annotations.map((one) => one.type === 'url_citation' && part.text.slice(one.start_index, one.end_index))
        : [],
    );
    expect(spans).toEqual([['https://kimi.example/k3'], ['[K3](https://kimi.example/k3)']]);
  });

  test('a forced search, and a history with one', async () => {
    await using rig = await searchRig(way);
    const first = await clientOf(rig).responses.create({
      ...asked(model, ONE_SEARCH),
      store: true,
      tool_choice: { type: 'web_search_preview' },
    });
    const choice = JSON.stringify(chatsOf(rig)[0]?.['tool_choice']);
    // k3 has no named choice: it is given that tool alone.
    expect(choice).toMatch(/required|any|web_search/);
    expect(chatsOf(rig)[1]).not.toHaveProperty('tool_choice');
    const second = await clientOf(rig).responses.create({
      model,
      input: 'sim: say Again.',
      previous_response_id: first.id,
    });
    expect(second.output_text).toBe('Again.');
    const failed = await clientOf(rig).responses.create({
      model,
      input: [...(first.output as ResponseInput), { role: 'user', content: 'sim: say Hi.' }],
    });
    expect(failed.output_text).toBe('Hi.');
    expect(searchesOf(rig)).toHaveLength(1);
  });

  test('in the background', async () => {
    await using rig = await searchRig(way);
    const { id } = await clientOf(rig).responses.create({ ...asked(model, ONE_SEARCH), background: true, store: true });
    const response = await until(async () => {
      const now = await clientOf(rig).responses.retrieve(id);
      return now.status === 'completed' ? now : undefined;
    }, 'the answer');
    expect(types(response).filter((type) => type !== 'reasoning')).toEqual(['web_search_call', 'message']);
  });
});

describe.each([{ stream: false }, { stream: true }])('@ai-sdk/openai, stream $stream', ({ stream }) => {
  const providerOf = (rig: Rig) => createOpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch });

  test('its web search tool gives sources', async () => {
    await using rig = await searchRig('kimi-code');
    const openai = providerOf(rig);
    const call = {
      model: openai.responses('k3'),
      prompt: ONE_SEARCH,
      tools: { web_search: openai.tools.webSearch({}) },
      maxRetries: 0,
    };
    const result = stream ? streamText(call) : await generateText(call);
    expect(await result.text).toBe(TEXT);
    expect(await result.sources).toMatchObject([
      { sourceType: 'url', url: 'https://kimi.example/k3' },
      { sourceType: 'url', url: 'https://news.example/a' },
    ]);
  });

  test('chat completions with a model’s suffix give sources', async () => {
    await using rig = await searchRig('platform');
    const call = { model: providerOf(rig).chat('kimi-k3-search'), prompt: ONE_SEARCH, maxRetries: 0 };
    const result = stream ? streamText(call) : await generateText(call);
    expect(await result.text).toBe(TEXT);
    expect(await result.sources).toMatchObject([{ sourceType: 'url', url: 'https://kimi.example/k3' }]);
  });
});
