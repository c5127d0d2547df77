import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { RawClient, request } from '../http/raw.ts';
import { post } from '../setup.ts';
import { until } from '../until.ts';
import { textOf } from './answers.ts';
import { conversationRig, lastHistory, messagesOf } from './rig.ts';

describe('naming a conversation', () => {
  test('by the path, the header and the body; the gateway chooses the id for `new`', async () => {
    await using it = await conversationRig();
    await textOf(await it.say('a/b c?'.replace(' ', ''), 'sim: say one'));
    const header = post('sim: say two', { headers: { 'x-conversation-id': 'a/bc?' } });
    expect(await textOf(await it.rig.get('/v1/chat/completions', header))).toBe('two');
    const body = { model: 'k25', conversation_id: 'a/bc?', messages: [{ role: 'user', content: 'sim: say three' }] };
    expect(await textOf(await it.rig.chat(body))).toBe('three');
    expect(JSON.stringify(it.rig.simulator.calls.at(-1)?.body)).not.toContain('conversation_id');
    expect(lastHistory(it.rig)).toHaveLength(5);
    const chosen = await it.rig.chat({ ...body, conversation_id: 'new' });
    const name = chosen.headers.get('x-conversation-id') ?? '';
    expect(name).toMatch(/^conv_/);
    expect(await it.told(name)).toHaveLength(2);
    const names = [];
    for (const key of ['k1', 'k1', 'k2']) {
      const made = await it.rig.chat({ ...body, conversation_id: 'new' }, { headers: { 'idempotency-key': key } });
      expect(await textOf(made)).toBe('three');
      names.push(made.headers.get('x-conversation-id'));
    }
    expect([names[0] === names[1], names[1] === names[2]]).toEqual([true, false]);
    expect(await it.told(names[0] ?? '')).toHaveLength(2);
  });

  test('what is no id, and two ids, are refused', async () => {
    await using it = await conversationRig();
    for (const name of ['a b', 'ü', 'x'.repeat(129)]) expect((await it.say(name, 'hi')).status).toBe(400);
    const both = { conversation_id: 'a', messages: [{ role: 'user', content: 'hi' }], model: 'k25' };
    expect((await it.rig.chat(both, { headers: { 'x-conversation-id': 'b' } })).status).toBe(400);
    expect((await it.say('a', 'hi', {}, { 'x-conversation-id': 'b' })).status).toBe(400);
    expect((await it.say('a', 'hi', { conversation_id: 'b' })).status).toBe(400);
    expect((await it.say('a', 'hi', { conversation_id: 'b' }, { 'x-conversation-id': 'a' })).status).toBe(400);
    expect((await it.say('a', 'hi', { n: 2 })).status).toBe(400);
    expect((await it.say('a', 'hi', { messages: [] })).status).toBe(400);
    expect(await it.told('a')).toEqual([]);
  });

  test('a plain request opens no database', async () => {
    await using it = await conversationRig();
    await textOf(await it.rig.chat('sim: say hi'));
    expect(it.rig.gateway.runtime.state.database.status).toBe('idle');
  });
});

describe('what goes up', () => {
  test('the model is remembered; the system’s words are those that were said last', async () => {
    await using it = await conversationRig();
    const system = (content: string) => ({ role: 'system', content });
    const user = (content: string) => ({ role: 'user', content });
    await textOf(await it.say('a', '', { messages: [system('Be short.'), user('sim: say one')] }));
    await textOf(await it.say('a', '', { model: undefined, messages: [system('Be short.'), user('sim: say two')] }));
    expect(lastHistory(it.rig).map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    await textOf(await it.say('a', '', { messages: [system('Be long.'), user('sim: say three')] }));
    await textOf(await it.say('a', 'sim: say four'));
    expect(lastHistory(it.rig).filter(({ role }) => role === 'system')).toEqual([system('Be long.')]);
  });

  test('tool calls and reasoning come back as the surface gave them', async () => {
    await using it = await conversationRig();
    const tools = [
      { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } },
    ];
    const script = 'sim: think Hm.\nsim: tool get_weather {}\nsim: turn 2\nsim: say Sunny.';
    const first = (await (await it.say('a', script, { model: 'kimi-k3', tools })).json()) as OpenAI.ChatCompletion;
    const call = first.choices[0]?.message.tool_calls?.[0];
    const result = { role: 'tool', tool_call_id: call?.id, content: '25' };
    expect(await textOf(await it.say('a', '', { model: 'kimi-k3', tools, messages: [result] }))).toBe('Sunny.');
    expect(lastHistory(it.rig)[1]).toMatchObject({ reasoning_content: 'Hm.', tool_calls: [{ id: call?.id }] });
    const [, answer] = messagesOf(await it.json('/v1/conversations/a'));
    expect(answer).toMatchObject({ finish_reason: 'tool_calls', tool_calls: [call], reasoning_content: 'Hm.' });
  });

  test('clients of Messages and of Responses go on in it by the header', async () => {
    await using it = await conversationRig();
    await textOf(await it.say('a', 'sim: say one\nsim: turn 2\nsim: say two\nsim: turn 3\nsim: say three'));
    const headers = { 'x-conversation-id': 'a' };
    const anthropic = new Anthropic({ apiKey: 'any', baseURL: it.rig.url, defaultHeaders: headers });
    const question = { model: 'kimi-k2.6', max_tokens: 100, messages: [{ role: 'user' as const, content: 'And?' }] };
    const message = await anthropic.messages.stream({ ...question, system: 'Be kind.' }).finalMessage();
    expect(message.content).toMatchObject([{ type: 'text', text: 'two' }]);
    const openai = new OpenAI({ apiKey: 'any', baseURL: it.rig.base, defaultHeaders: headers });
    const response = await openai.responses.create({
      model: 'kimi-k2.6',
      input: 'And then?',
      instructions: 'Be kind.',
    });
    expect(response.output_text).toBe('three');
    expect(lastHistory(it.rig).map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
    const refused = it.rig.get(
      '/v1/responses',
      post({ model: 'k25', input: 'x', previous_response_id: response.id }, { headers }),
    );
    expect((await refused).status).toBe(400);
  });
});

describe('an answer that is cut', () => {
  const LONG = 'sim: pause 20\nsim: say-n 200\nsim: turn 2\nsim: say better';

  async function leave(it: Awaited<ReturnType<typeof conversationRig>>, content: string, key: string) {
    using client = new RawClient(it.rig.port);
    const body = { model: 'k25', stream: true, conversation_id: 'a', messages: [{ role: 'user', content }] };
    await client.write(request(JSON.stringify(body), `idempotency-key: ${key}\r\n`));
    await client.receives('"content":" two"');
  }

  test('what was delivered is remembered, and the conversation goes on behind it', async () => {
    await using it = await conversationRig();
    await leave(it, LONG, 'k1');
    await until(async () => (await it.told('a')).length === 2, 'the cut answer');
    expect((await it.told('a'))[1]).toMatch(/^assistant\*: {2}one two/);
    expect(await textOf(await it.say('a', 'Go on.'))).toBe('better');
    expect(lastHistory(it.rig)[1]?.content).toMatch(/^ one two/);
  });

  test('a retry of the same turn takes its place, and is told again when it was answered', async () => {
    await using it = await conversationRig();
    await leave(it, LONG, 'k1');
    await until(async () => (await it.told('a')).length === 2, 'the cut answer');
    const key = { 'idempotency-key': 'k1' };
    const whole = await textOf(await it.say('a', LONG, { stream: true }, key));
    expect(whole.split(' ')).toHaveLength(201);
    expect(await it.told('a')).toEqual([`user: ${LONG}`, `assistant: ${whole}`]);
    const calls = it.rig.simulator.calls.length;
    for (const stream of [true, false]) {
      const again = await it.say('a', LONG, { stream }, key);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(await textOf(again)).toBe(whole);
    }
    expect(it.rig.simulator.calls).toHaveLength(calls);
    expect((await it.say('a', 'something else', {}, key)).status).toBe(400);
  });

  test('a surface that stops half-way leaves what it said; one that says nothing leaves nothing', async () => {
    await using it = await conversationRig({ retries: { attempts: 1 } });
    await expect(
      textOf(await it.say('a', 'sim: say-n 40\nsim: pause 5\nsim: cut 12', { stream: true })),
    ).rejects.toThrow('stream_cut');
    expect((await it.told('a'))[1]).toMatch(/^assistant\*: {2}one two/);
    expect((await it.say('b', 'sim: status 400 no')).status).toBe(400);
    expect((await it.rig.get('/v1/conversations/b')).status).toBe(404);
  });
});

describe('one turn at a time', () => {
  test('turns wait in their order; beyond the queue and the wait they are refused', async () => {
    await using it = await conversationRig({ conversations: { queue: 1, wait_ms: '8s' } });
    const slow = it.say('a', 'sim: delay 400\nsim: say one');
    await until(() => it.rig.simulator.calls.some(({ path }) => path.endsWith('completions')), 'the first turn');
    const second = it.say('a', 'sim: say two');
    await until(async () => (await it.say('a', 'sim: say never')).status === 409, 'the refusal');
    const refused = await it.say('a', 'sim: say never');
    if (refused.status === 409) expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect([await textOf(await slow), await textOf(await second)]).toEqual(['one', 'two']);
    expect((await it.told('a')).slice(0, 4).map((line) => line.split(' ')[0])).toEqual([
      'user:',
      'assistant:',
      'user:',
      'assistant:',
    ]);
  });

  test('what a turn waits for those before it is not told to be the gateway’s own work', async () => {
    await using it = await conversationRig();
    const slow = it.say('a', 'sim: delay 900\nsim: say one');
    await until(() => it.rig.simulator.calls.some(({ path }) => path.endsWith('completions')), 'the first turn');
    const began = performance.now();
    const second = await it.say('a', 'sim: say two');
    const took = performance.now() - began;
    expect(took - Number(second.headers.get('x-moongate-overhead-ms'))).toBeGreaterThan(500);
    await Promise.all([slow, second].map(async (answer) => textOf(await answer)));
  });

  test('a turn whose conversation was deleted meanwhile is not told to be whole', async () => {
    await using it = await conversationRig();
    await textOf(await it.say('a', 'sim: say one'));
    const running = it.say('a', 'sim: delay 200\nsim: say two');
    await until(() => it.rig.simulator.calls.at(-1)?.rawBody.includes('say two'), 'the second turn');
    expect(await it.json('/v1/conversations/a', { method: 'DELETE' })).toMatchObject({ deleted: true });
    expect((await running).status).toBe(409);
    expect((await it.rig.get('/v1/conversations/a')).status).toBe(404);
  });
});
