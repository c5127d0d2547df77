import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { type RigOptions, startRig } from '../setup.ts';

const KEY = 'sk-kimi-rig-0123456789abcdef';

const rigOptions = (more: Record<string, unknown> = {}): RigOptions => ({
  simulator: { accounts: [{ keys: KEY, host: 'code' }] },
  config: ({ codeBaseUrl }) => ({
    surfaces: { 'kimi-code': { base_url: codeBaseUrl, credentials: [{ key: KEY }], ...more } },
  }),
  secrets: [KEY],
});

describe('the coding subscription', () => {
  test('an unknown client is served over the Anthropic face, streamed and whole', async () => {
    await using rig = await startRig(rigOptions());
    const client = new OpenAI({ baseURL: rig.base, apiKey: 'any', fetch: rig.fetch });
    const messages = [{ role: 'user' as const, content: 'sim: think hmm\nsim: say 你好 from the coding model' }];
    const whole = await client.chat.completions.create({ model: 'kimi', messages, temperature: 0.2 });
    expect(whole.choices[0]?.message.content).toBe('你好 from the coding model');
    expect(whole.usage?.total_tokens).toBeGreaterThan(0);
    const stream = await client.chat.completions.create({ model: 'kimi-for-coding', messages, stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('你好 from the coding model');
    expect(rig.simulator.calls.filter(({ path }) => path.endsWith('/messages'))).toHaveLength(2);
    expect(rig.simulator.calls.at(-1)?.headers['user-agent']).toMatch(/^moongate\//);
  });

  test.each([{ stream: false }, { stream: true }])(
    'nothing of Anthropic’s shape is left in the answer, stream $stream',
    async ({ stream }) => {
      await using rig = await startRig(rigOptions());
      const content = 'sim: think hmm\nsim: say hi\nsim: tool get_weather {"city": "Rome"}\nsim: finish pause_turn';
      const response = await rig.chat({ model: 'k3', stream, messages: [{ role: 'user', content }] });
      const text = await response.text();
      expect(text).toContain('get_weather');
      expect(text).not.toContain('anthropic');
    },
  );

  test('an agent that names itself and is known goes up under its own name on the OpenAI face', async () => {
    await using rig = await startRig(rigOptions());
    const response = await rig.chat('hi', { headers: { 'user-agent': 'kimi-code-cli/2.1.0' } });
    expect(response.status).toBe(404); // the rig's own model is not one of the subscription's
    const served = await rig.chat(
      { model: 'k3', messages: [{ role: 'user', content: 'hi' }] },
      { headers: { 'user-agent': 'kimi-code-cli/2.1.0' } },
    );
    expect(served.status).toBe(200);
    expect(served.headers.get('x-moongate-surface')).toBe('kimi-code');
    const call = rig.simulator.calls.at(-1);
    expect([call?.path, call?.headers['user-agent']]).toEqual([
      expect.stringMatching(/\/chat\/completions$/),
      'kimi-code-cli/2.1.0',
    ]);
  });

  test('the operator may choose KimiCLI on the OpenAI face', async () => {
    await using rig = await startRig(rigOptions({ user_agent_version: '1.6' }));
    const served = await rig.chat({ model: 'k3', messages: [{ role: 'user', content: 'hi' }] });
    expect(served.status).toBe(200);
    expect(rig.simulator.calls.at(-1)?.headers['user-agent']).toBe('KimiCLI/1.6');
  });

  test('and for one credential only', async () => {
    await using rig = await startRig({
      simulator: {
        accounts: [
          { keys: KEY, host: 'code' },
          { keys: `${KEY}-2`, host: 'code' },
        ],
      },
      config: ({ codeBaseUrl }) => ({
        surfaces: {
          'kimi-code': {
            base_url: codeBaseUrl,
            credentials: [{ key: KEY }, { key: `${KEY}-2`, user_agent_version: '1.6' }],
          },
        },
      }),
      secrets: [KEY],
    });
    for (const _ of [1, 2]) await rig.chat({ model: 'k3', messages: [{ role: 'user', content: 'hi' }] });
    const posts = rig.simulator.calls.filter(({ method }) => method === 'POST');
    expect(posts.map(({ headers }) => headers['user-agent'])).toEqual([
      expect.stringMatching(/^moongate\//),
      'KimiCLI/1.6',
    ]);
  });

  test('JSON without a schema is asked for in words on the Anthropic face, and a note says so', async () => {
    await using rig = await startRig(rigOptions());
    const messages = [{ role: 'user', content: 'sim: say {}' }];
    const answer = await rig.chat({ model: 'k3', messages, response_format: { type: 'json_object' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-moongate-notes')).toContain(
      'response_format json_object has no counterpart; the system prompt asks for it',
    );
    const sent = rig.simulator.calls.findLast(({ path }) => path.endsWith('/messages'));
    expect(JSON.stringify(sent?.body)).toContain('Answer with one JSON object and nothing else.');
    const schema = { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', properties: {} } } };
    await rig.chat({ model: 'k3', messages, response_format: schema });
    expect(rig.simulator.calls.at(-1)?.body).toMatchObject({ output_config: { format: { type: 'json_schema' } } });
  });

  test('tool calls go through the Anthropic face and back', async () => {
    await using rig = await startRig(rigOptions());
    const client = new OpenAI({ baseURL: rig.base, apiKey: 'any', fetch: rig.fetch });
    const answer = await client.chat.completions.create({
      model: 'k3',
      messages: [{ role: 'user', content: 'sim: tool get_weather {"city":"北京"}' }],
      tools: [
        {
          type: 'function',
          function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
        },
      ],
    });
    const call = answer.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({ city: '北京' });
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
  });
});
