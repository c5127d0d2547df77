import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import type { Rig } from '../setup.ts';
import { chatsOf, MODELS, ONE_SEARCH, searchesOf, searchRig, TEXT, toolNames } from './search-rig.ts';

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
const user = (content: string) => ({ role: 'user' as const, content });

const LINK = '[K3](https://kimi.example/k3)';
const CITATION = {
  type: 'url_citation',
  url_citation: {
    url: 'https://kimi.example/k3',
    title: expect.stringMatching(/K3/),
    start_index: TEXT.indexOf(LINK),
    end_index: TEXT.indexOf(LINK) + LINK.length,
  },
};

interface Seen {
  text: string;
  thoughts: string;
  annotations: unknown[];
  finishes: string[];
  ids: Set<string>;
  usage: unknown;
}

async function streamed(rig: Rig, request: Omit<OpenAI.ChatCompletionCreateParamsStreaming, 'stream'>): Promise<Seen> {
  const seen: Seen = { text: '', thoughts: '', annotations: [], finishes: [], ids: new Set(), usage: undefined };
  const stream = await clientOf(rig).chat.completions.create({
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    const { choices, usage, id } = chunk;
    const delta = (choices[0]?.delta ?? {}) as {
      content?: string;
      reasoning_content?: string;
      annotations?: unknown[];
    };
    seen.ids.add(id);
    seen.text += delta.content ?? '';
    seen.thoughts += delta.reasoning_content ?? '';
    seen.annotations.push(...(delta.annotations ?? []));
    if (choices[0]?.finish_reason) seen.finishes.push(choices[0].finish_reason);
    if (usage) seen.usage = usage;
  }
  return seen;
}

describe.each(['platform', 'kimi-code'] as const)('the openai client, searching on %s', (way) => {
  const model = MODELS[way];

  test('whole: one answer, its sources, the usage of both rounds', async () => {
    await using rig = await searchRig(way);
    const { data, response } = await clientOf(rig)
      .chat.completions.create({ model, messages: [user(ONE_SEARCH)], web_search_options: {} })
      .withResponse();
    const { message, finish_reason } = data.choices[0] ?? {};
    expect([message?.content, finish_reason]).toEqual([TEXT, 'stop']);
    expect(message).toMatchObject({ reasoning_content: 'Let me look.\n\nFound.', annotations: [CITATION] });
    expect(message).not.toHaveProperty('tool_calls');
    expect(message).not.toHaveProperty('searched');
    expect(data.usage).toMatchObject({ prompt_tokens: 300, completion_tokens: 30, total_tokens: 330 });
    expect(data.usage).toMatchObject({ server_tool_use: { web_search_requests: 1 } });
    expect(searchesOf(rig)).toHaveLength(1);
    expect(response.headers.get('x-moongate-notes')).toMatch(/web search by .*; 1 searches$/);
  });

  test('streamed: one answer with one end', async () => {
    await using rig = await searchRig(way);
    const seen = await streamed(rig, { model, messages: [user(ONE_SEARCH)], web_search_options: {} });
    expect(seen).toMatchObject({ text: TEXT, thoughts: 'Let me look.\n\nFound.', finishes: ['stop'] });
    expect([...seen.ids]).toHaveLength(1);
    expect(seen.annotations).toEqual([CITATION]);
    expect(seen.usage).toMatchObject({ prompt_tokens: 300, completion_tokens: 30 });
  });

  test('what goes up: the functions beside the client’s, the thoughts and the result in the next round', async () => {
    await using rig = await searchRig(way);
    const tools = [
      { type: 'function' as const, function: { name: 'web_search', parameters: { type: 'object', properties: {} } } },
    ];
    await clientOf(rig).chat.completions.create({
      model,
      messages: [user(ONE_SEARCH.replace('tool web_search', 'tool moongate_web_search'))],
      tools,
      web_search_options: { search_context_size: 'low' },
    });
    const [first, second] = chatsOf(rig);
    expect(first && toolNames(first).slice(0, 2)).toEqual(['web_search', 'moongate_web_search']);
    expect(first).not.toHaveProperty('web_search_options');
    expect(second?.tools).toEqual(first?.tools);
    expect(second?.messages).toHaveLength(3);
    const said = JSON.stringify(second?.messages);
    expect(said).toContain('Let me look.');
    expect(said).toContain(way === 'platform' ? 'MOONSHOT ENCRYPTED BEGIN' : 'K3 came in July.');
    expect(rig.simulator.calls.filter(({ headers }) => headers['x-msh-tool-call-id'] !== undefined)).toHaveLength(
      way === 'platform' ? 0 : 1,
    );
  });

  test('a turn that calls the client’s tools goes to the client, without ours', async () => {
    await using rig = await searchRig(way);
    const tools = [
      { type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } },
    ];
    const script =
      'sim: tool web_search {"query":"x"}\nsim: tool get_weather {"city":"Rome"}\nsim: tool get_weather {"city":"Oslo"}';
    const request = { model, messages: [user(script)], tools, web_search_options: {} };
    const whole = await clientOf(rig).chat.completions.create(request);
    const calls = whole.choices[0]?.message.tool_calls?.map(
      (call) => call.type === 'function' && call.function.arguments,
    );
    expect(calls).toEqual(['{"city":"Rome"}', '{"city":"Oslo"}']);
    expect(whole.choices[0]?.finish_reason).toBe('tool_calls');
    const stream = await clientOf(rig).chat.completions.stream(request).finalChatCompletion();
    expect(stream.choices[0]?.message.tool_calls).toHaveLength(2);
    expect(searchesOf(rig)).toEqual([]);
  });

  test('rounds and searches are bounded', async () => {
    await using rig = await searchRig(way, { settings: { search: { rounds: 2, calls: 3 } } });
    const twice = 'sim: tool web_search {"query":"a"}\nsim: tool web_search {"query":"b"}';
    const script = `${twice}\nsim: turn 2\n${twice}\nsim: turn 3\nsim: say Enough.`;
    const { data, response } = await clientOf(rig)
      .chat.completions.create({ model, messages: [user(script)], web_search_options: {} })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe('Enough.');
    expect(searchesOf(rig)).toHaveLength(3);
    expect(chatsOf(rig)).toHaveLength(3);
    expect(JSON.stringify(chatsOf(rig)[2]?.['tool_choice'])).toMatch(/none/);
    expect(response.headers.get('x-moongate-notes')).toMatch(/3 searches.*no more than 3 searches/);
  });

  test('a model that never stops searching is stopped', async () => {
    await using rig = await searchRig(way, { settings: { search: { rounds: 2 } } });
    const script = 'sim: turn *\nsim: say So far.\nsim: tool web_search {"query":"a"}';
    const answer = await clientOf(rig).chat.completions.create({
      model,
      messages: [user(script)],
      web_search_options: {},
    });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'So far.\n\nSo far.\n\nSo far.' },
    });
    expect(answer.choices[0]?.message).not.toHaveProperty('tool_calls');
    expect(chatsOf(rig)).toHaveLength(3);
  });

  test('a search that fails is told to the model and noted, and the answer comes', async () => {
    await using rig = await searchRig(way);
    const isSearch = ({ path }: { path: string }) => /fibers|\/search$/.test(path);
    rig.simulator.fail({ times: 2, status: 500, match: isSearch });
    const request = { model, messages: [user(ONE_SEARCH)], web_search_options: {} };
    const { data, response } = await clientOf(rig).chat.completions.create(request).withResponse();
    expect(data.choices[0]?.message.content).toBe(TEXT);
    expect(response.headers.get('x-moongate-notes')).toMatch(/a web search failed \(upstream_error/);
    expect(JSON.stringify(chatsOf(rig)[1])).toContain('the search failed');
    const text = await (await rig.chat({ ...request, stream: true })).text();
    expect(text).toMatch(/^: a web search failed/m);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });
});

test('without a declaration of the Formula the answer comes without a search, and says so', async () => {
  await using rig = await searchRig('platform');
  rig.simulator.fail({ status: 503, match: ({ path }) => path.endsWith('/tools') });
  const { data, response } = await clientOf(rig)
    .chat.completions.create({ model: 'kimi-k3', messages: [user('sim: say Hi.')], web_search_options: {} })
    .withResponse();
  expect(data.choices[0]?.message.content).toBe('Hi.');
  expect(response.headers.get('x-moongate-notes')).toMatch(/web search cannot be had/);
  expect(chatsOf(rig)[0]).not.toHaveProperty('tools');
});

test.each([{ stream: false }, { stream: true }])(
  'a model that takes no functions answers without a search, and says so, stream $stream',
  async ({ stream }) => {
    await using rig = await searchRig('platform');
    const refusal = { status: 400, type: 'invalid_request_error', message: 'Invalid request: tools are not supported' };
    const isChat = ({ path }: { path: string }) => path.endsWith('/completions');
    rig.simulator.fail({ fault: refusal, times: 1, match: isChat });
    const asked = { model: 'kimi-k3', messages: [user('sim: say Hi.')], web_search_options: {}, stream };
    const answer = await rig.chat(asked);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Hi.')]);
    expect(answer.headers.get('x-moongate-notes')).toMatch(/web search cannot be had \(upstream_refused/);
    expect(chatsOf(rig).map((sent) => 'tools' in sent)).toEqual([true, false]);
    // What is not about functions is the client's.
    const other = { ...refusal, message: 'Invalid request: messages are wrong' };
    rig.simulator.fail({ fault: other, times: 1, match: isChat });
    expect((await rig.chat(asked)).status).toBe(400);
  },
);

describe('the web chat searches by itself', () => {
  const SCRIPT = 'sim: source https://kimi.example/k3 Kimi K3\nsim: say Hi ';
  const CITED = { url: 'https://kimi.example/k3', title: 'Kimi K3' };

  test.each([{ stream: false }, { stream: true }])(
    'and the gateway only asks it to, stream $stream',
    async ({ stream }) => {
      await using rig = await searchRig('kimi-web', { surface: { web: { search: false } } });
      const ask = async (options: object | undefined) => {
        const request = {
          model: 'k2',
          messages: [user(`${SCRIPT}\nsim: cite 1`)],
          ...(options ? { web_search_options: options } : {}),
        };
        if (stream) return streamed(rig, request);
        const { message } = (await clientOf(rig).chat.completions.create(request)).choices[0] ?? {};
        return { text: message?.content, annotations: message?.annotations ?? [] };
      };
      expect(await ask({})).toMatchObject({ text: 'Hi [^1^]', annotations: [{ url_citation: CITED }] });
      expect(await ask(undefined)).toMatchObject({ annotations: [] });
      const sent = rig.simulator.calls.filter(({ path }) => /Chat$/.test(path)).map(({ rawBody }) => rawBody);
      expect(sent.map((body) => body.includes('TOOL_TYPE_SEARCH'))).toEqual([true, false]);
    },
  );
});
