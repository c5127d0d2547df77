import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { type Rig, type Settings, startRig } from '../setup.ts';

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
const MODEL = 'kimi-k2.6';

describe('text completions with openai 7', () => {
  test('a prompt is answered by its text alone', async () => {
    await using rig = await startRig();
    const prompt = 'sim: think Hm.\nsim: say 你好, world';
    const answer = await clientOf(rig).completions.create({
      model: 'gpt-3.5-turbo',
      prompt,
      max_tokens: 100,
      temperature: 0,
    });
    expect(answer).toMatchObject({
      object: 'text_completion',
      model: MODEL,
      usage: { prompt_tokens: expect.any(Number) },
    });
    expect(answer.choices).toEqual([{ text: '你好, world', index: 0, logprobs: null, finish_reason: 'stop' }]);
    const { body } = rig.simulator.calls.at(-1) ?? {};
    expect(body).toMatchObject({ model: MODEL, messages: [{ role: 'user', content: prompt }] });
    expect(Object.keys(body as object)).not.toEqual(expect.arrayContaining(['prompt']));
  });

  test('a stream, with the prompt in front and the usage behind', async () => {
    await using rig = await startRig();
    const prompt = 'sim: think-n 20\nsim: say Well.\nsim: say-n 30';
    const stream = await clientOf(rig).completions.create({
      ...{ model: MODEL, prompt, stream: true, echo: true, stream_options: { include_usage: true } },
    });
    let text = '';
    const reasons: unknown[] = [];
    let usage: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.text ?? '';
      if (chunk.choices[0]?.finish_reason) reasons.push(chunk.choices[0].finish_reason);
      usage ??= chunk.usage;
    }
    expect(text).toMatch(/^sim: think-n 20\nsim: say Well\.\nsim: say-n 30Well\.( \w{3}){30}$/);
    expect(reasons).toEqual(['stop']);
    expect(usage).toMatchObject({ completion_tokens: expect.any(Number) });
  });

  test.each([{ stream: false }, { stream: true }])(
    'prompts times n, in OpenAI’s order; stream $stream',
    async ({ stream }) => {
      await using rig = await startRig();
      const request = { model: MODEL, prompt: ['sim: say one', 'sim: say two'], n: 2, echo: true };
      const texts = ['', '', '', ''];
      if (stream) {
        for await (const { choices } of await clientOf(rig).completions.create({ ...request, stream: true })) {
          for (const { index, text } of choices) texts[index] += text;
        }
      } else {
        const { choices } = await clientOf(rig).completions.create(request);
        for (const { index, text } of choices) texts[index] += text;
      }
      const [one, two] = ['sim: say oneone', 'sim: say twotwo'];
      expect(texts).toEqual([one, one, two, two]);
    },
  );

  test('stop and the cap are passed on', async () => {
    await using rig = await startRig();
    const client = clientOf(rig);
    const stopped = await client.completions.create({ model: MODEL, prompt: 'sim: say ab STOP cd', stop: [' STOP'] });
    expect(stopped.choices[0]?.text).toBe('ab');
    const cut = await client.completions.create({ model: MODEL, prompt: 'sim: say-n 200', max_tokens: 5 });
    expect(cut.choices[0]?.finish_reason).toBe('length');
  });

  test.each<[string, Settings]>([
    ['suffix', { suffix: 'end' }],
    ['logprobs', { logprobs: 2 }],
    ['logprobs', { logprobs: 0 }],
    ['best_of', { best_of: 3 }],
    ['prompt', { prompt: [1, 2, 3] }],
    ['prompt', { prompt: [[1], [2]] }],
    ['prompt', { prompt: '' }],
    ['prompt', { prompt: undefined }],
    ['n', { n: 0 }],
    ['n', { prompt: Array.from({ length: 9 }, () => 'x') }],
  ])('%s is refused: %j', async (param, more) => {
    await using rig = await startRig();
    const request = { model: MODEL, prompt: 'sim: say hi', ...more } as OpenAI.CompletionCreateParamsNonStreaming;
    await expect(clientOf(rig).completions.create(request)).rejects.toMatchObject({ status: 400, param });
  });

  test('a broken stream ends with an error', async () => {
    await using rig = await startRig({ config: { retries: { attempts: 1 } } });
    const stream = await clientOf(rig).completions.create({
      ...{ model: MODEL, prompt: 'sim: say-n 50\nsim: cut 5', stream: true },
    });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow(/stopped before its end/);
  });
});

describe('what Kimi has nothing for', () => {
  test('embeddings, moderations, pictures, sound, fine-tuning, assistants', async () => {
    await using rig = await startRig();
    const client = clientOf(rig);
    const file = new File(['x'], 'a.mp3');
    const calls = [
      () => client.embeddings.create({ model: 'text-embedding-3-small', input: 'x' }),
      () => client.moderations.create({ input: 'x' }),
      () => client.images.generate({ prompt: 'x' }),
      () => client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'x' }),
      () => client.audio.transcriptions.create({ model: 'whisper-1', file }),
      () => client.fineTuning.jobs.list(),
      () => client.vectorStores.list(),
      () => client.beta.assistants.list(),
    ];
    for (const create of calls) {
      const call = create();
      await expect(call).rejects.toThrow(OpenAI.NotFoundError);
      await expect(call).rejects.toMatchObject({ code: 'not_offered', message: expect.stringMatching(/Kimi has no /) });
    }
    expect(rig.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });
});

describe('probabilities', () => {
  test('go up to the platform, which has them in its schema', async () => {
    await using rig = await startRig();
    const answer = await rig.chat({
      ...{ model: MODEL, messages: [{ role: 'user', content: 'sim: say hi' }], logprobs: true, top_logprobs: 2 },
    });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(rig.simulator.calls.at(-1)?.body).toMatchObject({ logprobs: true, top_logprobs: 2 });
  });

  test('are refused by name where there are none', async () => {
    const key = 'sk-kimi-rig-0123456789abcdef';
    await using rig = await startRig({
      simulator: { accounts: [{ keys: key, host: 'code' }] },
      config: (simulator) => ({
        surfaces: { 'kimi-code': { base_url: simulator.codeBaseUrl, credentials: [{ key }] } },
      }),
      secrets: [key],
    });
    const ask = (more: Settings) =>
      rig.chat({ model: 'kimi-for-coding', messages: [{ role: 'user', content: 'sim: say hi' }], ...more });
    for (const more of [{ logprobs: true }, { top_logprobs: 3 }]) {
      const refused = await ask(more);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({
        error: { param: 'logprobs', hint: expect.stringContaining('moonshot-cn') },
      });
    }
    const idle = await ask({ logprobs: false });
    expect(idle.status).toBe(200);
    await idle.text();
    expect(idle.headers.get('x-moongate-repairs')).toContain('logprobs');
  });
});
